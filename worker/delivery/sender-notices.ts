import type { Logger } from "pino";
import type { NoticeEvent } from "#core/contract/event.ts";
import type { SenderNotices as Settings, SmtpRoute } from "#core/contract/policy-document.ts";
import { deliveryReport, type ReportKind } from "#core/message/delivery-report.ts";
import { envelopeIdOf, type Notify, notifyOf, originalRecipientOf, returnsWhole } from "#core/smtp/dsn-options.ts";
import type { Recorder } from "../services.ts";
import type { DeliveryQueue } from "../spool/delivery-queue.ts";
import { firstBytes } from "../spool/first-bytes.ts";
import { returnedWords } from "../spool/queue-commands.ts";
import type { Progress, QueueRecord } from "../spool/queue-record.ts";
import type { CommandResult, Spool, SpoolEnvelope } from "../spool/spool.ts";
import type { SpoolMessage } from "../spool/spool-file.ts";
import type { SendResult } from "../upstream/smtp-send.ts";
import { delayNoticesDue, lifetimeMs } from "./attempt-outcome.ts";

/** A message up to this comes back whole where its sender asked for it (RFC 3461 §4.3); of a larger one its header. Bytes. */
export const returnedBytesMax = 262_144;
/** Read of a message whose header comes back. */
const headerReadBytes = 65_536;
/** Between two looks for senders who could not be told yet, and for mail that was kept long enough. */
const lookEveryMs = 30_000;
const dayMs = 86_400_000;

export type SenderNoticesOptions = {
  queue: DeliveryQueue;
  spool: Pick<Spool, "begin" | "command" | "entry" | "full">;
  recorder: Recorder;
  log: Logger;
  /** The SMTP route of that name in the policy in force. */
  findRoute(name: string): SmtpRoute | null;
  /** What a policy calls itself. */
  hostNameOf(policy: string): string;
  newId(): string;
  now(): number;
};

type Told = { position: number; reply: string };

/**
 * Tells senders what became of their queued mail (RFC 3461, 3464), by a report that goes into the queue itself, without a sender: about
 * reports nobody is told. A failure counts as told only once its report is on disk.
 */
export class SenderNotices {
  readonly #options: SenderNoticesOptions;
  /** Failed, and somebody does not know it; and those who know. */
  readonly #untold = new Set<string>();
  readonly #kept = new Set<string>();
  readonly #telling = new Set<string>();
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(options: SenderNoticesOptions) {
    this.#options = options;
  }

  /** A record changed, or is gone. */
  note(id: string, record: Readonly<QueueRecord> | null): void {
    const isUntold = record?.outcomes.includes("f") === true;
    const isKept = record?.state === "failed" && !isUntold;
    if (isUntold && !this.#untold.has(id)) this.#lookedAt = Number.NEGATIVE_INFINITY;
    setMember(this.#untold, id, isUntold);
    setMember(this.#kept, id, isKept);
  }

  /** What came of an attempt, with what its sender was told of it. `before`: the outcomes before the attempt. */
  async afterAttempt(
    record: Readonly<QueueRecord>,
    message: SpoolMessage,
    { before, positions, result, progress }: Attempt,
  ): Promise<Progress> {
    const settings = this.#options.findRoute(record.route)?.senderNotices;
    if (settings === undefined) return progress;
    const replies = positions.map((position, index) => {
      const answer = result.recipients[index];
      return { position, reply: answer?.reply ?? "", answer };
    });
    const context = { record, message, settings, server: result.upstream, progress };
    const relayed = replies.filter(({ answer }) => answer?.status === "delivered" && !answer.tellsMore);
    await this.#tell("relayed", relayed, context);
    const failed = replies.filter(({ position }) => progress.outcomes[position] === "f" && before[position] === "p");
    const told = await this.#tell("failed", failed, context);
    // Those that failed earlier and could not be told then are left to the next look.
    const known = new Set(told ? failed.map(({ position }) => position) : []);
    const outcomes = Array.from(progress.outcomes, (letter, position) => (known.has(position) ? "b" : letter)).join("");
    const due = delayNoticesDue(settings, (progress.lastAttemptAt ?? 0) - record.receivedAt);
    if (progress.state !== "deferred" || due <= progress.notices) return { ...progress, outcomes };
    const waiting = replies.filter(({ position }) => progress.outcomes[position] === "p");
    await this.#tell("delayed", waiting, context);
    return { ...progress, outcomes, notices: due };
  }

  /** Tells who could not be told before, and removes what was kept long enough. */
  tick(): void {
    const now = this.#options.now();
    if (Math.abs(now - this.#lookedAt) < lookEveryMs) return;
    this.#lookedAt = now;
    for (const id of this.#untold) this.#tellLater(id);
    for (const id of this.#kept) {
      this.#expire(id, now).catch((error: unknown) =>
        this.#options.log.error({ err: error, id }, "a message that failed could not be removed"),
      );
    }
  }

  /**
   * A person's wish: the sender hears that it was not delivered, then it is gone. It is held first, so that nothing is tried meanwhile, and
   * stays so where the report cannot be written.
   */
  async bounce(id: string, text = returnedWords): Promise<CommandResult> {
    const { queue, spool, findRoute } = this.#options;
    const record = queue.record(id);
    if (record === null) return undone("it is not in the queue");
    if (record.state === "delivering") return undone("an attempt is under way");
    const settings = findRoute(record.route)?.senderNotices;
    if (settings === undefined)
      return undone(`no report goes to senders from the route ${record.route}: delete it without`);
    if (!record.hasSender)
      return undone("it has no sender who could be told (RFC 5321 §6.1): delete it without a notice");
    if (record.state === "ready" || record.state === "deferred") await spool.command(id, "hold");
    const message = await queue.load(id);
    if (message === null) return undone("it was damaged and is set aside");
    const reply = `550 5.7.1 ${text}`;
    const untold = Array.from(record.outcomes).flatMap((letter, position) =>
      letter === "p" || letter === "f" ? [{ position, reply }] : [],
    );
    const told = await this.#tell("failed", untold, { record, message, settings, server: null, progress: record });
    if (!told) return undone("its sender cannot be told at present, the worker's log says why: it is held");
    return await spool.command(id, "delete");
  }

  #tellLater(id: string): void {
    const { queue, log } = this.#options;
    const record = queue.record(id);
    const settings = record === null ? undefined : this.#options.findRoute(record.route)?.senderNotices;
    // An attempt under way tells by itself, or leaves it to the next look.
    if (record === null || settings === undefined || record.state === "delivering" || this.#telling.has(id)) return;
    this.#telling.add(id);
    this.#tellFailed(record, settings)
      .catch((error: unknown) => log.error({ err: error, id }, "a sender could not be told of a failure"))
      .finally(() => this.#telling.delete(id));
  }

  async #tellFailed(record: Readonly<QueueRecord>, settings: Settings): Promise<void> {
    const { queue } = this.#options;
    const message = await queue.load(record.id);
    if (message === null) return;
    const failed = Array.from(record.outcomes).flatMap((letter, position) =>
      letter === "f" ? [{ position, reply: record.lastReply ?? "" }] : [],
    );
    const told = await this.#tell("failed", failed, { record, message, settings, server: null, progress: record });
    if (told) await queue.told(record.id);
  }

  async #expire(id: string, now: number): Promise<void> {
    const { queue, spool, findRoute, recorder, newId } = this.#options;
    const record = queue.record(id);
    const settings = record === null ? undefined : findRoute(record.route)?.senderNotices;
    const since = record?.lastAttemptAt ?? record?.receivedAt ?? now;
    if (settings === undefined || now - since < settings.keepDays * dayMs) return;
    const { done } = await spool.command(id, "delete");
    if (!done) return;
    const at = new Date(now).toISOString();
    recorder.event({ kind: "queue", id: newId(), at, messageId: id, command: "expire", by: "postern" });
  }

  /** Whether everyone who is to hear it will: the report is on disk, or nobody wants one. */
  async #tell(kind: ReportKind, told: readonly Told[], context: Context): Promise<boolean> {
    const { record, message } = context;
    // RFC 5321 §6.1: about a report no report is made.
    if (message.envelope.sender === "") return true;
    const wants: Readonly<Record<ReportKind, keyof Notify>> = {
      failed: "failure",
      delayed: "delay",
      relayed: "success",
    };
    const wanted = told.filter(
      ({ position }) => notifyOf(message.envelope.recipients[position]?.parameters ?? [])[wants[kind]],
    );
    if (wanted.length === 0) return true;
    try {
      await this.#queueReport(kind, wanted, context);
      return true;
    } catch (error) {
      this.#options.log.error({ err: error, id: record.id, kind }, "a report to a sender could not be queued");
      return false;
    }
  }

  async #queueReport(kind: ReportKind, told: readonly Told[], context: Context): Promise<void> {
    const { record, message, settings, server, progress } = context;
    const { spool, recorder, hostNameOf, newId, now, findRoute } = this.#options;
    const shortage = spool.full();
    if (shortage !== null) throw new Error(shortage);
    const { sender, policy, mailParameters, recipients } = message.envelope;
    const whole = kind === "failed" && returnsWhole(mailParameters) && message.bytes <= returnedBytesMax;
    const hostName = hostNameOf(policy);
    const id = newId();
    const at = now();
    const { bytes, subject, eightBit, smtpUtf8 } = deliveryReport({
      kind,
      id,
      hostName,
      from: settings.from ?? `postmaster@${hostName}`,
      to: sender,
      at,
      arrivedAt: record.receivedAt,
      lastAttemptAt: progress.lastAttemptAt,
      retryUntil: kind === "delayed" ? record.receivedAt + lifetimeMs(findRoute(record.route), record.hasSender) : null,
      envelopeId: envelopeIdOf(mailParameters),
      subject: spool.entry(record.id)?.subject ?? null,
      recipients: told.map(({ position, reply }) => ({
        address: recipients[position]?.address ?? "",
        original: originalRecipientOf(recipients[position]?.parameters ?? []),
        reply,
        server,
      })),
      original: await firstBytes(message, whole ? message.bytes : headerReadBytes),
      whole,
    });
    const parameters = [...(eightBit ? ["BODY=8BITMIME"] : []), ...(smtpUtf8 ? ["SMTPUTF8"] : [])];
    await this.#queue(reportEnvelope(message.envelope, { id, at, route: settings.route, parameters }), bytes, subject);
    recorder.event(noticeEvent(kind, { id, eventId: newId(), at }, told, message.envelope));
  }

  #queue(envelope: SpoolEnvelope, bytes: Uint8Array, subject: string): Promise<void> {
    const writer = this.#options.spool.begin(envelope);
    writer.write(bytes);
    return new Promise((resolve, reject) => {
      writer.commit(subject, (error) => (error === null ? resolve() : reject(error)));
    });
  }
}

/** `before`: the outcomes before the attempt. `positions`: of whom it was about, in the order of the result. */
type Attempt = { before: string; positions: readonly number[]; result: SendResult; progress: Progress };

type Context = {
  record: Readonly<QueueRecord>;
  message: SpoolMessage;
  settings: Settings;
  /** Who said it; null: nobody was reached. */
  server: string | null;
  progress: Pick<Progress, "lastAttemptAt">;
};

function reportEnvelope(
  { interface: from, policy, revision, sender }: SpoolEnvelope,
  { id, at, route, parameters }: { id: string; at: number; route: string; parameters: string[] },
): SpoolEnvelope {
  return {
    id,
    receivedAt: at,
    interface: from,
    policy,
    route,
    revision,
    sender: "",
    mailParameters: parameters,
    recipients: [{ address: sender, parameters: ["NOTIFY=NEVER"] }],
  };
}

function noticeEvent(
  kind: ReportKind,
  { id, eventId, at }: { id: string; eventId: string; at: number },
  told: readonly Told[],
  envelope: SpoolEnvelope,
): NoticeEvent {
  return {
    kind: "notice",
    id: eventId,
    at: new Date(at).toISOString(),
    messageId: envelope.id,
    noticeId: id,
    notice: kind,
    to: envelope.sender,
    recipients: told.map(({ position, reply }) => ({ address: envelope.recipients[position]?.address ?? "", reply })),
  };
}

function undone(reason: string): CommandResult {
  return { done: false, reason };
}

function setMember(members: Set<string>, id: string, isMember: boolean): void {
  if (isMember) members.add(id);
  else members.delete(id);
}
