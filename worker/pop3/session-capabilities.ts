import type { Pop3Settings } from "#core/contract/pop3-settings.ts";
import type { LoginOffers } from "#core/policy/login-offers.ts";
import { commonCapabilities, filterCapabilities } from "#core/pop3/capa.ts";
import type { Pop3Verb } from "#core/pop3/command.ts";
import { transition } from "#core/pop3/states.ts";
import { encodeStatusLine, type StatusLine } from "#core/pop3/status-line.ts";
import { askCapabilities } from "../upstream/pop3-capabilities.ts";
import { wouldAllow } from "./command-decision.ts";
import type { Conversation } from "./conversation.ts";
import { shownStatus } from "./shown-status.ts";

/** Answers CAPA (RFC 2449 §5): what the server has and what holds through us; of servers of which one is yet to be chosen, what all have. */
export function answerCapabilities(session: Conversation, offers: LoginOffers): void {
  const { upstream } = session;
  if (upstream === null) {
    return session.answer(capabilityText(session, offers, { ok: true, text: "" }, commonLines(session)));
  }
  askCapabilities(upstream, (status, lines) => session.answer(capabilityText(session, offers, status, lines)));
}

/** Whether the settings let an extension be spoken. */
export function isSpoken(verb: Pop3Verb, { capabilities }: Pop3Settings): boolean {
  if (verb === "UTF8") return capabilities.utf8;
  return verb === "LANG" ? capabilities.lang : true;
}

/** What the servers of all routes said last; one that nobody has asked, and one without CAPA, is taken to know USER (RFC 1939 §7). */
function commonLines({ governing, admission }: Conversation): string[] {
  const servers = governing.policy.logins.routes.map((route) => {
    if (route.protocol !== "pop3") throw new Error(`route ${route.name} is not a POP3 route`);
    const lines = admission.services.pop3Servers.lastCapabilities(route) ?? ["USER"];
    // A bridge takes a password, whatever its server wants.
    return route.bridge !== undefined && !lines.some((line) => /^USER$/i.test(line)) ? [...lines, "USER"] : lines;
  });
  // Before the login nobody has another's language.
  return commonCapabilities(servers).filter((line) => !/^LANG$/i.test(line));
}

function capabilityText(
  session: Conversation,
  offers: LoginOffers,
  status: StatusLine,
  lines: readonly string[],
): string {
  const { governing, admission, settings, state, subject, tls } = session;
  const allows = (verb: Pop3Verb): boolean =>
    isSpoken(verb, settings) && wouldAllow(governing, verb, subject.facts(), admission.services.now());
  const allowed = filterCapabilities(status.ok ? lines : [], {
    allows,
    mechanisms: offers.mechanisms,
    userPass: offers.userPass,
    stls: tls.mode === "not-yet" && transition(state, "STLS") !== null && allows("STLS"),
    pipelining: settings.capabilities.pipelining,
    implementation: !settings.hideServerReplies,
  });
  // A server without CAPA stays one, but STLS has to be found where it is ours (RFC 2595 §4).
  if (!status.ok && allowed.length === 0) return encodeStatusLine(shownStatus(settings, "CAPA", status));
  return `+OK\r\n${[...allowed, "."].map((line) => `${line}\r\n`).join("")}`;
}
