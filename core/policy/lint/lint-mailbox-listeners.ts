import type { Policy, Pop3ProxyAction, Pop3Route } from "#core/contract/policy-document.ts";
import { isServerKnown } from "../check-mailbox-logins.ts";
import { loginOffers, showsSecret } from "../login-offers.ts";
import type { Add, Finding } from "./finding.ts";
import { isOwnHost } from "./own-host.ts";

/** A POP3 policy that is in force. */
export type MailboxPlace = {
  policy: Policy;
  index: number;
  action: Pop3ProxyAction;
  routes: readonly Pop3Route[];
  /** Clients come from outside, and mailboxes are outside. */
  outside: { clients: boolean; servers: boolean };
};

export const implicitPort = 995;
export const clearPort = 110;

type Listener = { path: Finding["path"]; address: string; port: number; mode: string };

/** Listeners that show passwords, that take none, or that do not speak what programs expect of their port. */
export function lintMailboxListeners(place: MailboxPlace, add: Add): void {
  const { policy, index, outside } = place;
  policy.listen.forEach(({ address, port, tls, proxyProtocolFrom }, n) => {
    const listener = { path: ["policies", index, "listen", n], address, port, mode: tls?.mode ?? "none" };
    lintPort(listener, add);
    if (listener.mode !== "none") return;
    lintHiddenPasswords(place, listener, add);
    const onlyFromHere = isOwnHost(address) && proxyProtocolFrom.length === 0;
    if (outside.clients && !onlyFromHere) lintClearText(place, listener, add);
  });
}

function takesPasswords({ policy, action, routes }: MailboxPlace, tls: "never" | "active"): boolean {
  const serverKnown = isServerKnown(policy, routes);
  return showsSecret(loginOffers({ auth: action.settings.auth, tls, serverKnown }));
}

function lintHiddenPasswords(place: MailboxPlace, { path, address, port }: Listener, add: Add): void {
  if (takesPasswords(place, "never") || !takesPasswords(place, "active")) return;
  add({
    code: "login-without-tls-listener",
    severity: "warning",
    path,
    what: `"${place.action.name}" takes passwords inside TLS only, and ${address} port ${port} speaks none.`,
    why: "Only programs that can log in without showing the password get in (SCRAM, CRAM-MD5, APOP): most say USER and PASS.",
    doThis: "Give the listener TLS, with one of the worker's certificates.",
    source: "RFC 8314 §3",
  });
}

function lintClearText(place: MailboxPlace, { path, address, port }: Listener, add: Add): void {
  const inClear = takesPasswords(place, "never");
  add({
    code: "no-tls-outside",
    severity: inClear ? "harm" : "warning",
    path,
    what: `${address} port ${port} takes logins from outside in clear text only.`,
    why: inClear
      ? "Names, passwords and mail can be read on the way."
      : "Passwords are not shown, but mail can be read on the way.",
    doThis: "Set TLS to implicit (port 995) or required, with one of the worker's certificates.",
    source: "RFC 8314 §3",
  });
  if (!inClear || place.routes.every(({ bridge }) => bridge === undefined)) return;
  add({
    code: "bridge-in-clear",
    severity: "harm",
    path,
    what: `${address} port ${port} leads over a bridge, and its passwords come from outside in clear text.`,
    why: "Who reads one opens a mailbox that the provider protects by more than a password.",
    doThis: "Require TLS, or let the bridge serve your own networks only.",
    source: "RFC 8314 §3",
  });
}

function lintPort({ path, address, port, mode }: Listener, add: Add): void {
  const isImplicit = mode === "implicit";
  if (port !== (isImplicit ? clearPort : implicitPort)) return;
  add({
    code: "tls-of-port",
    severity: "warning",
    path,
    what: isImplicit ? `${address} port ${port} begins with TLS.` : `${address} port ${port} does not begin with TLS.`,
    why: isImplicit
      ? "Programs wait there for a greeting in clear text."
      : "Programs begin TLS there at once and hear nothing that they understand.",
    doThis: isImplicit
      ? "Listen on port 995, or set TLS to required (STLS)."
      : "Set TLS to implicit, or listen on port 110.",
    source: "RFC 8314 §3.2",
  });
}
