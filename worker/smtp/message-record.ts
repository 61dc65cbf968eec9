import type { ContentReport } from "#core/contract/content-report.ts";
import { envelopeChangesMax, type MessageEvent, type Outcome, type SessionEvent } from "#core/contract/event.ts";
import type { MessageSummary } from "#core/message/inspector.ts";
import type { StageDecision } from "#core/policy/decide.ts";
import { DecisionRecorder } from "#core/policy/decision-record.ts";
import { type Reply, replyText } from "#core/smtp/reply.ts";
import { FactLog } from "../scan/fact-log.ts";
import type { ContentCopy, MessageContent } from "../scan/message-content.ts";
import type { Admission, GoverningPolicy } from "../services.ts";
import type { EnvelopeChange } from "./readdress.ts";

/** Refused recipients of one message that its event names, and decisions about them that it keeps. */
export const refusedRecipientsKeptMax = 100;

/** What of a session an event tells. */
export type Client = {
  address: string;
  port: number;
  helo: string | null;
  /** Version and cipher; null: clear text. */
  tls: string | null;
  auth: Login | null;
};

/** How a client authenticated; `user` is null where the mechanism hides it. */
export type Login = { mechanism: string; user: string | null };

function place({ policy }: GoverningPolicy) {
  const { definition } = policy.action;
  return {
    protocol: "smtp" as const,
    direction: definition.direction,
    interface: policy.fromInterface,
    policy: policy.name,
    proxyAction: definition.name,
  };
}

/** What is written down of one transaction while it runs; becomes its one event. */
export class MessageRecord {
  readonly id: string;
  readonly log: DecisionRecorder;
  readonly facts: FactLog;
  sender: string | null = null;
  recipients: { address: string; reply: string | null }[] = [];
  bytes = 0;
  summary: MessageSummary | null = null;
  messageIdReplacement: string | null = null;
  upstream: string | null = null;
  upstreamTls: string | null = null;
  upstreamReply: Reply | null = null;
  cause: string | null = null;
  /** Ids of what was kept of it. */
  quarantined: readonly string[] = [];
  signatures: ContentReport["signatures"] = null;
  /** The one that was taken, where that is told. */
  route: string | null = null;
  /** What the client heard last, when it was a refusal. */
  refused: { outcome: Extract<Outcome, "refused" | "upstream-refused">; reply: Reply } | null = null;
  readonly #admission: Admission;
  readonly #governing: GoverningPolicy;
  readonly #client: Client;
  #startedAt: number;
  /** Refusals of single recipients: they decide about the message only when none was taken. */
  readonly #recipientRefusals: StageDecision[] = [];
  #refusedRecipients = 0;
  readonly #changes: EnvelopeChange[] = [];
  #content: Omit<ContentReport, "quarantined" | "signatures"> | null = null;
  #attachments: MessageEvent["attachments"] | null = null;

  constructor(admission: Admission, governing: GoverningPolicy, client: Client, before: MessageRecord | null = null) {
    const { services } = admission;
    const { tellsGrounds } = services.recorder;
    this.log = before?.log.fork() ?? new DecisionRecorder(tellsGrounds);
    this.facts = before?.facts.fork() ?? new FactLog(tellsGrounds);
    this.id = services.newId();
    this.#admission = admission;
    this.#governing = governing;
    this.#client = client;
    this.#startedAt = services.now();
  }

  addRecipientRefusal(decision: StageDecision): void {
    this.facts.recipient("refused");
    if (this.#recipientRefusals.length < refusedRecipientsKeptMax) this.#recipientRefusals.push(decision);
  }

  addRefusedRecipient(address: string, reply: string): void {
    if (this.#refusedRecipients++ < refusedRecipientsKeptMax) this.recipients.push({ address, reply });
  }

  /** Past `envelopeChangesMax` they are made and not told. */
  addChanges(changes: readonly EnvelopeChange[]): void {
    this.#changes.push(...changes.slice(0, envelopeChangesMax - this.#changes.length));
  }

  /** The record of a copy with these recipients, which this one tells of no more. */
  fork(addresses: ReadonlySet<string>): MessageRecord {
    const fork = new MessageRecord(this.#admission, this.#governing, this.#client, this);
    fork.sender = this.sender;
    fork.#startedAt = this.#startedAt;
    fork.recipients = this.recipients.filter(({ address }) => addresses.has(address));
    this.recipients = this.recipients.filter(({ address }) => !addresses.has(address));
    fork.addChanges(this.#changes);
    return fork;
  }

  /** What was looked into and changed of it, for its event. */
  addContent(content: MessageContent, copy: ContentCopy): void {
    this.#content = content.report(copy);
    this.#attachments = content.attachments();
  }

  /** Writes the event. Called once. */
  emit(outcome: Outcome, said: Reply | null): void {
    const { services } = this.#admission;
    const now = services.now();
    const { summary } = this;
    const { decision, limited } = this.#decision(outcome, said);
    const event: MessageEvent = {
      kind: "message",
      id: this.id,
      at: new Date(now).toISOString(),
      ...place(this.#governing),
      durationMs: Math.max(0, now - this.#startedAt),
      client: { address: this.#client.address, port: this.#client.port },
      helo: this.#client.helo,
      user: null,
      sender: this.sender,
      recipients: this.recipients,
      from: summary?.from ?? null,
      subject: summary?.subject ?? null,
      messageIdHeader: summary?.messageIdHeader ?? null,
      ...(this.messageIdReplacement === null ? {} : { messageIdReplacement: this.messageIdReplacement }),
      bytes: this.bytes,
      attachments: this.#attachments ?? summary?.attachments ?? [],
      ...(this.#content === null
        ? {}
        : { content: { ...this.#content, signatures: this.signatures, quarantined: [...this.quarantined] } }),
      decision,
      judged: this.facts.text(this.#admission.listener, limited),
      outcome,
      reply: said === null ? null : replyText(said),
      upstreamReply: this.upstreamReply === null ? null : replyText(this.upstreamReply),
      upstream: this.upstream,
      ...tlsShape(this.#client.tls, this.upstreamTls),
      ...(this.#client.auth === null ? {} : { auth: this.#client.auth }),
      ...(this.#changes.length === 0 ? {} : { envelopeChanges: this.#changes }),
      ...(this.route === null ? {} : { route: this.route }),
      cause: this.cause,
    };
    services.recorder.event(event);
  }

  /** `limited`: something else than a rule refused the message. */
  #decision(outcome: Outcome, said: Reply | null): { decision: MessageEvent["decision"]; limited: boolean } {
    const isRefused = outcome === "refused" && said !== null;
    const passedRules = this.log.verdict === "allow" && this.facts.isComplete;
    for (const decision of this.#recipientRefusals) {
      this.log.add(outcome === "refused" ? decision : { ...decision, action: { kind: "allow" }, rule: null });
    }
    const decided = this.log.record(this.#governing.revision);
    if (!isRefused || decided.verdict !== "allow") return { decision: decided, limited: isRefused && passedRules };
    // A limit refused what the rules allowed; `cause` names it.
    const verdict = said.code < 500 ? "tempfail" : "deny";
    return { decision: { ...decided, verdict, stage: null, ruleId: null, ruleName: null }, limited: true };
  }
}

function tlsShape(client: string | null, upstream: string | null): Pick<MessageEvent, "tls"> {
  return client === null && upstream === null ? {} : { tls: { client, upstream } };
}

/** The event of a session that was refused before any message, or ended for what it did. */
export function sessionEvent(
  admission: Admission,
  client: Client,
  ended: { id: string; decision: StageDecision | null; reply: Reply | null; cause: string; user?: string | null },
): SessionEvent {
  const log = new DecisionRecorder();
  if (ended.decision !== null) log.add(ended.decision);
  return {
    kind: "session",
    id: ended.id,
    at: new Date(admission.services.now()).toISOString(),
    ...place(admission.governing),
    client: { address: client.address, port: client.port },
    helo: client.helo,
    user: ended.user ?? client.auth?.user ?? null,
    decision: ended.decision === null ? null : log.record(admission.governing.revision),
    reply: ended.reply === null ? null : replyText(ended.reply),
    cause: ended.cause,
  };
}
