import type { PolicyDocument, SmtpRoute } from "#core/contract/policy-document.ts";
import { verificationMode } from "../verification-mode.ts";
import type { Add } from "./finding.ts";

/** Logins that can be read or go to anyone, and mail that is taken for nobody. */
export function lintRoutes(document: PolicyDocument, add: Add): void {
  document.routes.forEach((route, i) => {
    if (route.protocol === "smtp") lintLogin(route, i, add);
  });
  lintBackscatter(document, add);
  lintMailExchangers(document, add);
  lintPassedLogins(document, add);
}

function lintLogin({ name, credential, tls }: SmtpRoute, index: number, add: Add): void {
  if (credential === undefined) return;
  const path = ["routes", index, "tls"];
  const mode = tls?.mode ?? "none";
  if (mode === "none" || mode === "preferred") {
    add({
      code: "login-in-clear",
      severity: "harm",
      path,
      what: `The route "${name}" logs in with a credential and may do so without TLS.`,
      why: "The credential can be read on the way.",
      doThis: "Require TLS, or use implicit TLS.",
      source: "RFC 4954 §9",
    });
  } else if (tls?.verify === "none") {
    add({
      code: "login-to-anyone",
      severity: "harm",
      path,
      what: `The route "${name}" logs in with a credential to a server whose certificate is not checked.`,
      why: "Whoever takes the server's place is given the credential.",
      doThis: "Verify by authority or by fingerprint.",
      source: "RFC 8314 §3",
    });
  }
}

function lintBackscatter(document: PolicyDocument, add: Add): void {
  const routes = new Map(document.routes.map((route) => [route.name, route]));
  document.policies.forEach(({ enabled, protocol, to, proxyAction }, i) => {
    const action = document.proxyActions.find(({ name }) => name === proxyAction);
    if (!enabled || protocol !== "smtp" || action?.protocol !== "smtp" || action.direction !== "incoming") return;
    if (verificationMode(action) !== "none") return;
    const spooling = [to.route, ...to.routes.map(({ route }) => route)].find((name) => {
      const route = routes.get(name);
      return route?.protocol === "smtp" && route.delivery !== "inline";
    });
    if (spooling === undefined) return;
    add({
      code: "unverified-spool",
      severity: "warning",
      path: ["policies", i, "to"],
      what: `Mail for the route "${spooling}" may be taken for recipients that nobody has asked about.`,
      why: "What the server then refuses must be returned, to senders that are often forged (backscatter), or stays in the queue.",
      doThis: `Set recipient verification of "${action.name}" to list or callout.`,
      source: "RFC 5321 §6.1",
    });
  });
}

/** Each domain of an MX route is a server of its own: one message cannot be given to several while its sender waits. */
function lintMailExchangers(document: PolicyDocument, add: Add): void {
  const byMx = new Set(
    document.routes.filter((route) => route.protocol === "smtp" && route.lookup === "mx").map(({ name }) => name),
  );
  document.policies.forEach(({ enabled, to, proxyAction }, i) => {
    const action = document.proxyActions.find(({ name }) => name === proxyAction);
    if (!enabled || action?.protocol !== "smtp" || action.settings.recipientsDiffer === "split") return;
    const route = [to.route, ...to.routes.map(({ route: other }) => other)].find((name) => byMx.has(name));
    if (route === undefined) return;
    add({
      code: "mx-defers-recipients",
      severity: "warning",
      path: ["policies", i, "to"],
      what: `The route "${route}" goes by MX, and "${action.name}" defers recipients of other domains.`,
      why: "A message to several domains hears 452 for all but the first: servers come again, mail programs of people show an error.",
      doThis: "Set recipients that differ to split.",
      source: "RFC 5321 §4.5.3.1.10",
    });
  });
}

/** A client's login that leaves the firewall again: what came inside TLS must not go on without it. */
function lintPassedLogins(document: PolicyDocument, add: Add): void {
  const zones = new Map(document.interfaces.map(({ name, zone }) => [name, zone]));
  document.policies.forEach(({ enabled, to, proxyAction }, i) => {
    const action = document.proxyActions.find(({ name }) => name === proxyAction);
    const route = document.routes.find(({ name }) => name === to.route);
    if (!enabled || action?.protocol !== "smtp" || route?.protocol !== "smtp") return;
    if (action.settings.auth.mechanisms.length === 0 || zones.get(to.interface) !== "external") return;
    // Such routes pass no login on.
    if (route.credential !== undefined || route.lookup === "mx" || route.delivery === "spool") return;
    const mode = route.tls?.mode ?? "none";
    if (mode !== "none" && mode !== "preferred") return;
    add({
      code: "login-passed-in-clear",
      severity: "harm",
      path: ["policies", i, "to"],
      what: `Clients log in at the server of the route "${route.name}", and that is reached without TLS or with TLS at will.`,
      why: "Their passwords can be read on the way out.",
      doThis: "Require TLS on the route, or use implicit TLS.",
      source: "RFC 8314 §3",
    });
  });
}
