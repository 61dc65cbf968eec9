import type { PolicyDocument, Pop3Route } from "#core/contract/policy-document.ts";
import { mailboxRoutes } from "../check-mailbox-logins.ts";
import type { Add } from "./finding.ts";
import { clearPort, implicitPort, lintMailboxListeners, type MailboxPlace } from "./lint-mailbox-listeners.ts";
import { isOwnHost } from "./own-host.ts";

/** POP3 logins that can be read, that go to anyone or that strangers may try, and TLS that the other side does not expect. */
export function lintMailboxes(document: PolicyDocument, add: Add): void {
  const zones = new Map(document.interfaces.map(({ name, zone }) => [name, zone]));
  const actions = new Map(document.proxyActions.map((action) => [action.name, action]));
  const routes = new Map(document.routes.map((route) => [route.name, route]));
  document.routes.forEach((route, i) => {
    if (route.protocol !== "pop3") return;
    lintBridge(route, i, add);
    lintTargetPorts(route, i, add);
  });
  document.policies.forEach((policy, index) => {
    const action = actions.get(policy.proxyAction);
    if (!policy.enabled || policy.disposition !== "allow" || action?.protocol !== "pop3") return;
    const outside = {
      clients: zones.get(policy.from.interface) === "external",
      servers: zones.get(policy.to.interface) === "external",
    };
    const place = { policy, index, action, routes: mailboxRoutes(routes, policy), outside };
    lintMailboxListeners(place, add);
    lintServers(place, add);
    lintServerChoice(place, add);
  });
}

function lintBridge(route: Pop3Route, i: number, add: Add): void {
  if (route.bridge === undefined) return;
  if (!staysHere(route)) lintBridgedLogin(route, i, add);
  if (route.bridge.others === "refuse") return;
  add({
    code: "bridge-passes-others",
    severity: "note",
    path: ["routes", i, "bridge", "others"],
    what: `Users without a credential pass the bridge of the route "${route.name}" and log in at the server as they are.`,
    why: "A misspelt user is not refused here: the name and the password go to the server.",
    doThis: "Set others to refuse, unless some users log in by themselves.",
    source: null,
  });
}

/** What a bridge logs in with opens a mailbox elsewhere: it must not be read, nor given to anyone. */
function lintBridgedLogin({ name, tls }: Pop3Route, i: number, add: Add): void {
  const path = ["routes", i, "tls"];
  if (tls?.mode === "none") {
    add({
      code: "login-in-clear",
      severity: "harm",
      path,
      what: `The bridge of the route "${name}" logs in with credentials in clear text.`,
      why: "The credentials can be read on the way.",
      doThis: "Require TLS, or use implicit TLS.",
      source: "RFC 8314 §3",
    });
  } else if (tls === undefined || tls.mode === "preferred") {
    add({
      code: "bridge-needs-tls",
      severity: "warning",
      path,
      what: `The bridge of the route "${name}" may find no TLS.`,
      why: "A credential that the login would show, as a token always is, is not used there: its users cannot log in; and the mail can be read on the way.",
      doThis: "Require TLS, or use implicit TLS.",
      source: "RFC 8314 §3",
    });
  } else if (tls?.verify === "none") {
    add({
      code: "login-to-anyone",
      severity: "harm",
      path,
      what: `The bridge of the route "${name}" logs in with credentials to a server whose certificate is not checked.`,
      why: "Whoever takes the server's place is given the credentials.",
      doThis: "Verify by authority or by fingerprint.",
      source: "RFC 8314 §3",
    });
  }
}

function lintTargetPorts({ name, targets, tls }: Pop3Route, i: number, add: Add): void {
  const isImplicit = tls?.mode === "implicit";
  targets.forEach(({ host, port }, n) => {
    if (port !== (isImplicit ? clearPort : implicitPort)) return;
    add({
      code: "tls-of-port",
      severity: "warning",
      path: ["routes", i, "targets", n, "port"],
      what: isImplicit
        ? `The route "${name}" begins TLS at once with ${host} port ${port}.`
        : `The route "${name}" waits for a greeting in clear text from ${host} port ${port}.`,
      why: isImplicit ? "A server there greets in clear text first." : "A server there says nothing before TLS.",
      doThis: isImplicit ? "Use port 995, or required TLS (STLS)." : "Set TLS to implicit, or use port 110.",
      source: "RFC 8314 §3.2",
    });
  });
}

/** What came inside TLS must not leave without it, nor to whoever takes the server's place. */
function lintServers({ routes, index, outside }: MailboxPlace, add: Add): void {
  if (!outside.servers) return;
  const path = ["policies", index, "to"];
  for (const { name, tls } of routes.filter((route) => !staysHere(route))) {
    const mode = tls?.mode ?? "none";
    if (mode === "none" || mode === "preferred") {
      add({
        code: "login-passed-in-clear",
        severity: "harm",
        path,
        what: `Clients log in at the server of the route "${name}", and that is reached ${mode === "none" ? "without TLS" : "with TLS at will, unverified"}.`,
        why: "Their passwords and their mail can be read on the way out.",
        doThis: "Use implicit TLS (port 995), or require it.",
        source: "RFC 8314 §3",
      });
    } else if (tls?.verify === "none") {
      add({
        code: "login-passed-to-anyone",
        severity: "warning",
        path,
        what: `Clients log in at the server of the route "${name}", whose certificate is not checked.`,
        why: "Whoever takes the server's place hears their passwords; their programs cannot notice.",
        doThis: "Verify by authority or by fingerprint.",
        source: "RFC 8314 §3",
      });
    }
  }
}

function staysHere({ targets }: Pop3Route): boolean {
  return targets.every(({ host }) => isOwnHost(host));
}

function lintServerChoice({ policy, index, outside }: MailboxPlace, add: Add): void {
  const { from, to, name } = policy;
  if (to.serverChoice === undefined || !outside.clients || from.sources.length + from.sourceLists.length > 0) return;
  add({
    code: "server-choice-outside",
    severity: outside.servers ? "harm" : "warning",
    path: ["policies", index, "to", "serverChoice"],
    what: `"${name}" lets everyone outside choose the server to log in at.`,
    why: outside.servers
      ? "Strangers try passwords at servers of others through you, and you are the one who is blocked."
      : "Strangers may try passwords at each of your servers.",
    doThis: "Name the networks that may connect, or let the user's domain choose the route.",
    source: null,
  });
}
