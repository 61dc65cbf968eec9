import type { DecisionRecord } from "#core/contract/decision.ts";
import type { MessageEvent, SessionEvent } from "#core/contract/event.ts";
import type { GoverningPolicy } from "../services.ts";
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
};

/** The event of one RETR. */
export function retrievalEvent(
  governing: GoverningPolicy,
  judgement: MessageJudgement,
  facts: RetrievalFacts,
  { outcome, reply, upstreamReply, cause }: RetrievalEnd,
): MessageEvent {
  const { from, subject, messageIdHeader } = judgement.summary;
  const content = judgement.content.report(judgement.copy);
  return {
    kind: "message",
    id: facts.id,
    at: new Date(facts.now).toISOString(),
    ...place(governing),
    durationMs: Math.max(0, facts.now - facts.startedAt),
    client: facts.client,
    helo: null,
    user: facts.user,
    sender: null,
    recipients: [],
    from,
    subject,
    messageIdHeader,
    bytes: judgement.bytes,
    attachments: judgement.content.attachments(),
    ...(content === null ? {} : { content: { ...content, signatures: null, quarantined: [...judgement.kept] } }),
    decision: judgement.log.record(governing.revision),
    outcome,
    reply,
    upstreamReply,
    upstream: facts.upstream,
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
