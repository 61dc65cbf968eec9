import type { DecisionRecord } from "#core/contract/decision.ts";
import type { MessageEvent, SessionEvent } from "#core/contract/event.ts";
import type { Admission, GoverningPolicy } from "../services.ts";
import type { KeptVerdict } from "./kept-verdict.ts";
import type { MessageJudgement } from "./message-judgement.ts";
import type { RetrievalEnd } from "./retrieval.ts";

function place({ policy }: GoverningPolicy) {
  return {
    protocol: "pop3",
    direction: policy.action.definition.direction,
    interface: policy.fromInterface,
    policy: policy.name,
    proxyAction: policy.action.definition.name,
  } as const;
}

export type RetrievalFacts = {
  id: string;
  startedAt: number;
  now: number;
  client: MessageEvent["client"];
  user: string | null;
  upstream: string | null;
  /** null: not known. */
  uidl: string | null;
};

/** What there is to tell of a message itself. */
export type RetrievedMessage = Pick<
  MessageEvent,
  "from" | "subject" | "messageIdHeader" | "bytes" | "attachments" | "content" | "decision" | "judged"
>;

export function judgedMessage(
  judgement: MessageJudgement,
  revision: number,
  listener: Admission["listener"],
): RetrievedMessage {
  const { from, subject, messageIdHeader } = judgement.summary;
  const content = judgement.content.report(judgement.copy);
  return {
    from,
    subject,
    messageIdHeader,
    bytes: judgement.bytes,
    attachments: judgement.content.attachments(),
    ...(content === null ? {} : { content: { ...content, signatures: null, quarantined: [...judgement.kept] } }),
    decision: judgement.log.record(revision),
    judged: judgement.judgedBy.text(listener, judgement.limited),
  };
}

/** What was found in it, and its attachments, were told when it was judged. */
export function knownMessage(
  { from, subject, messageIdHeader, bytes, changes, quarantined }: KeptVerdict,
  decision: DecisionRecord,
): RetrievedMessage {
  const found = { steps: [], traits: [], senderAuth: null, scans: [], dictionaries: [], signatures: null };
  const content = { held: { what: "nothing" as const, why: [] }, ...found, changes, quarantined };
  const isTold = changes.length > 0 || quarantined.length > 0;
  return { from, subject, messageIdHeader, bytes, attachments: [], decision, ...(isTold && { content }) };
}

/** The event of one RETR. */
export function retrievalEvent(
  governing: GoverningPolicy,
  message: RetrievedMessage,
  facts: RetrievalFacts,
  { outcome, reply, upstreamReply, cause }: RetrievalEnd,
): MessageEvent {
  const { id, startedAt, now, client, user, upstream, uidl } = facts;
  return {
    kind: "message",
    id,
    at: new Date(now).toISOString(),
    ...place(governing),
    durationMs: Math.max(0, now - startedAt),
    client,
    helo: null,
    user,
    sender: null,
    recipients: [],
    ...message,
    outcome,
    reply,
    upstreamReply,
    upstream,
    ...(uidl === null ? {} : { uidl }),
    cause,
  };
}

/** A login that failed, a server that could not be reached, a command that was denied, a client that made too many errors. */
export function sessionEvent(
  governing: GoverningPolicy,
  facts: { id: string; now: number; client: SessionEvent["client"]; user: string | null },
  what: { decision: DecisionRecord | null; reply: string | null; cause: string },
): SessionEvent {
  return {
    kind: "session",
    id: facts.id,
    at: new Date(facts.now).toISOString(),
    ...place(governing),
    client: facts.client,
    helo: null,
    user: facts.user,
    ...what,
  };
}
