import type { LoginOffers } from "#core/policy/login-offers.ts";
import { filterCapabilities } from "#core/pop3/capa.ts";
import type { Pop3Verb } from "#core/pop3/command.ts";
import { transition } from "#core/pop3/states.ts";
import { encodeStatusLine, type StatusLine } from "#core/pop3/status-line.ts";
import { askCapabilities } from "../upstream/pop3-capabilities.ts";
import type { Pop3Connection } from "../upstream/pop3-connection.ts";
import { wouldAllow } from "./command-decision.ts";
import type { Conversation } from "./conversation.ts";

/** Answers CAPA (RFC 2449 §5): what the server has and what holds through us. */
export function answerCapabilities(session: Conversation, offers: LoginOffers, upstream: Pop3Connection): void {
  askCapabilities(upstream, (status, lines) => session.answer(capabilityText(session, offers, status, lines)));
}

function capabilityText(
  session: Conversation,
  offers: LoginOffers,
  status: StatusLine,
  lines: readonly string[],
): string {
  const { governing, admission, settings, state, subject, tls } = session;
  const now = admission.services.now();
  const isOff = (verb: Pop3Verb): boolean =>
    (verb === "UTF8" && !settings.capabilities.utf8) || (verb === "LANG" && !settings.capabilities.lang);
  const allowed = filterCapabilities(status.ok ? lines : [], {
    allows: (verb) => !isOff(verb) && wouldAllow(governing, verb, subject.facts(), now),
    mechanisms: offers.mechanisms,
    userPass: offers.userPass,
    stls:
      tls.mode === "not-yet" &&
      transition(state, "STLS") !== null &&
      wouldAllow(governing, "STLS", subject.facts(), now),
    pipelining: settings.capabilities.pipelining,
    implementation: !settings.hideServerReplies,
  });
  // A server without CAPA stays one, but STLS has to be found where it is ours (RFC 2595 §4).
  if (!status.ok && allowed.length === 0) return encodeStatusLine(status);
  return `+OK\r\n${[...allowed, "."].map((line) => `${line}\r\n`).join("")}`;
}
