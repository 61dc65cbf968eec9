import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { Add } from "./finding.ts";

/** Whether a network that can be read holds every address. */
export function isEveryone(network: string): boolean {
  return /\/0+$/.test(network);
}

/** Nobody can log in where a login is hidden until TLS that no listener speaks. */
function lintLogins(document: PolicyDocument, add: Add): void {
  document.policies.forEach(({ enabled, listen, proxyAction }, i) => {
    const action = document.proxyActions.find(({ name }) => name === proxyAction);
    if (!enabled || action?.protocol !== "smtp") return;
    const { mechanisms, beforeTls, required } = action.settings.auth;
    const inClear = listen.every(({ tls }) => (tls?.mode ?? "none") === "none");
    if (mechanisms.length === 0 || beforeTls === "offered" || !inClear) return;
    add({
      code: "login-without-tls-listener",
      severity: required ? "harm" : "warning",
      path: ["policies", i, "listen"],
      what: `"${action.name}" offers AUTH inside TLS only, and no listener of this policy speaks TLS.`,
      why: required ? "Nobody can log in, and who has not logged in sends nothing." : "Nobody can log in.",
      doThis: "Set TLS of a listener to allowed or required.",
      source: "RFC 8314 §3",
    });
  });
}

/** TLS that is taken away, and balancers that may be anyone. */
export function lintListeners(document: PolicyDocument, add: Add): void {
  lintLogins(document, add);
  const zones = new Map(document.interfaces.map(({ name, zone }) => [name, zone]));
  const hasCertificates = document.policies.some(({ listen }) =>
    listen.some(({ tls }) => (tls?.mode ?? "none") !== "none"),
  );
  document.policies.forEach(({ enabled, protocol, from, listen }, i) => {
    if (!enabled) return;
    listen.forEach(({ address, port, tls, proxyProtocolFrom }, n) => {
      const path = ["policies", i, "listen", n];
      if (proxyProtocolFrom.some(isEveryone)) {
        add({
          code: "proxy-protocol-from-everyone",
          severity: "harm",
          path: [...path, "proxyProtocolFrom"],
          what: `${address} port ${port} believes every client that says whose connection it is.`,
          why: "Anyone can claim to be any address: bans, limits and rules about addresses no longer hold.",
          doThis: "Name only the balancers' own addresses.",
          source: null,
        });
      }
      if (protocol !== "smtp" || (tls?.mode ?? "none") !== "none" || zones.get(from.interface) !== "external") return;
      add({
        code: "no-tls-outside",
        severity: hasCertificates ? "warning" : "note",
        path,
        what: `${address} port ${port} takes mail from outside in clear text only.`,
        why: "STARTTLS is not offered: everything can be read on the way, and senders that insist on TLS (MTA-STS, DANE) do not deliver.",
        doThis: "Set TLS to allowed with one of the worker's certificates.",
        source: "RFC 3207",
      });
    });
  });
}
