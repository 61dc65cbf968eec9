import type { Policy, PolicyDocument, Pop3ProxyAction, Pop3Route, Route } from "#core/contract/policy-document.ts";
import { type LoginOffers, loginOffers } from "./login-offers.ts";
import type { Report } from "./problem-report.ts";

/** Checks that somebody can log in where POP3 is spoken: at the proxy action, through the routes, and at each listener. */
export function checkMailboxLogins(document: PolicyDocument, report: Report): void {
  document.proxyActions.forEach((action, i) => {
    if (action.protocol !== "pop3" || allowsLogin(action)) return;
    const message = "nobody could log in: allow USER and PASS, APOP, or a mechanism of AUTH";
    report(["proxyActions", i, "settings", "auth"], "illegal", message);
  });
  document.routes.forEach((route, i) => {
    if (route.protocol === "pop3") checkBridge(route, i, report);
  });
  const actions = new Map(document.proxyActions.map((action) => [action.name, action]));
  const routes = new Map(document.routes.map((route) => [route.name, route]));
  document.policies.forEach((policy, i) => {
    const action = actions.get(policy.proxyAction);
    if (policy.protocol !== "pop3" || action?.protocol !== "pop3" || !allowsLogin(action)) return;
    checkPolicy(policy, i, action, mailboxRoutes(routes, policy), report);
  });
}

function checkBridge({ bridge }: Pop3Route, i: number, report: Report): void {
  const seen = new Set<string>();
  bridge?.credentials.forEach((name, n) => {
    if (seen.has(name))
      report(["routes", i, "bridge", "credentials", n], "duplicate-name", `the credential "${name}" stands twice`);
    seen.add(name);
  });
}

function checkPolicy(
  policy: Policy,
  i: number,
  action: Pop3ProxyAction,
  routes: readonly Pop3Route[],
  report: Report,
): void {
  const isUsable = (tls: "never" | "active"): boolean => {
    const offers = loginOffers({ auth: action.settings.auth, tls, serverKnown: isServerKnown(policy, routes) });
    // A bridge compares passwords: a token is none.
    const onlyPasswords = routes.length > 0 && routes.every(({ bridge }) => bridge?.others === "refuse");
    return onlyPasswords ? tellsPassword(offers) : isOffered(offers);
  };
  if (!isUsable("active")) {
    const message = `the server of a login is known once its user is, and "${action.name}" allows no login that tells the user in time: allow USER and PASS, PLAIN or LOGIN`;
    report(["policies", i, "to"], "illegal", message);
    return;
  }
  policy.listen.forEach(({ address, port, tls }, n) => {
    if ((tls?.mode ?? "none") !== "none" || isUsable("never")) return;
    const message = `"${action.name}" takes no secret in clear text, and ${address} port ${port} speaks no TLS: nobody could log in; give it TLS, or let clear text be where-no-tls`;
    report(["policies", i, "listen", n], "illegal", message);
  });
}

/** Whether the server of every login is known before its user is, and checks the login as the client says it. */
export function isServerKnown({ to }: Policy, routes: readonly Pop3Route[]): boolean {
  return to.serverChoice === undefined && routes.length < 2 && routes.every(({ bridge }) => bridge === undefined);
}

function tellsPassword({ userPass, mechanisms }: LoginOffers): boolean {
  return userPass || mechanisms.some((name) => name === "PLAIN" || name === "LOGIN");
}

function isOffered({ userPass, apop, mechanisms }: LoginOffers): boolean {
  return userPass || apop || mechanisms.length > 0;
}

function allowsLogin({ settings: { auth } }: Pop3ProxyAction): boolean {
  return isOffered(auth);
}

/** Every route that a login under the policy can take, each once, the usual one first. */
export function mailboxRoutes(routes: ReadonlyMap<string, Route>, { to }: Policy): Pop3Route[] {
  const chosen = to.serverChoice?.servers ?? [];
  const names = new Set([to.route, ...[...to.userRoutes, ...chosen].map(({ route }) => route)]);
  return [...names].flatMap((name) => {
    const found = routes.get(name);
    return found?.protocol === "pop3" ? [found] : [];
  });
}
