import { filterCapabilities } from "#core/pop3/capa.ts";
import { encodeStatusLine, type StatusLine } from "#core/pop3/status-line.ts";
import { askCapabilities } from "../upstream/pop3-capabilities.ts";
import type { Pop3Connection } from "../upstream/pop3-connection.ts";
import { wouldAllow } from "./command-decision.ts";
import type { Conversation } from "./conversation.ts";

/** Answers CAPA (RFC 2449 §5): what the server has and what holds through us; a server without CAPA stays one. */
export function answerCapabilities(session: Conversation, upstream: Pop3Connection): void {
  askCapabilities(upstream, (status, lines) => session.answer(capabilityText(session, status, lines)));
}

function capabilityText(session: Conversation, status: StatusLine, lines: readonly string[]): string {
  const { governing, admission } = session;
  const allowed = filterCapabilities(lines, (verb) =>
    wouldAllow(governing, verb, session.facts(), admission.services.now()),
  );
  const body = status.ok ? [...allowed, "."].map((line) => `${line}\r\n`).join("") : "";
  return `${encodeStatusLine(status)}${body}`;
}
