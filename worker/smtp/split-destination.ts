import type { MessageSummary } from "#core/message/inspector.ts";
import type { StageDecision } from "#core/policy/decide.ts";
import { type Reply, replyText } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import type { ContentDecisions } from "../scan/content-decisions.ts";
import type { Spool, SpoolBatch, SpoolEnvelope } from "../spool/spool.ts";
import { refusal } from "./answer.ts";
import type { Delivery, Destination } from "./destination.ts";
import type { BodyDecisions } from "./message-body.ts";
import type { MessageRecord } from "./message-record.ts";
import { spoolDelivery } from "./spool-destination.ts";

/** One copy of a message: its recipients, what the rules say of it for them, and its own event. */
export type Branch = {
  envelope: SpoolEnvelope;
  decisions: ContentDecisions;
  record: MessageRecord;
  /** Our Received line on top of it, or null. */
  received: Buffer | null;
};

/** Our disk, one copy for each treatment. A copy that the rules refuse while another passes is kept as failed, never sent by itself. */
export class SplitDestination implements Destination {
  readonly kind = "spool";
  readonly upstream = null;
  readonly upstreamTls = null;
  readonly lastReply = null;
  readonly takesEightBit = true;
  readonly onLost = null;
  onDrain: (() => void) | null = null;
  readonly #spool: Spool;
  readonly #branches: readonly Branch[];
  #batch: SpoolBatch | null = null;

  constructor(spool: Spool, branches: readonly Branch[]) {
    this.#spool = spool;
    this.#branches = branches;
  }

  open(done: (reply: Reply) => void): void {
    if (this.#spool.full() !== null) return done(replies.spoolFull);
    const batch = this.#spool.beginBatch(this.#branches.map(({ envelope }) => envelope));
    batch.onDrain = () => this.onDrain?.();
    for (const [index, { received }] of this.#branches.entries()) {
      if (received !== null) batch.writeTo(index, received);
    }
    this.#batch = batch;
    done(replies.startBody);
  }

  text(slice: Uint8Array): boolean {
    return this.#batch?.write(slice) ?? true;
  }

  stuffedDot(): void {
    // The spool keeps the message itself.
  }

  end(subject: string | null, done: (delivery: Delivery) => void): void {
    const refusals = this.#branches.map(({ decisions, record }) => {
      const refused = decisions.refusal === null ? null : refusal(decisions.refusal, record.id);
      return refused === null ? null : replyText(refused.reply);
    });
    this.#batch?.commit(subject, refusals, (error) => {
      this.#batch = null;
      done(spoolDelivery(this.#branches[0]?.envelope.id ?? "", error));
    });
  }

  abort(): void {
    this.#batch?.abort();
    this.#batch = null;
  }
}

/** Judges every copy by itself; the message is refused when all of them are. */
export class SplitDecisions implements BodyDecisions {
  readonly #all: readonly ContentDecisions[];

  constructor(branches: readonly Branch[]) {
    this.#all = branches.map(({ decisions }) => decisions);
  }

  get summary(): MessageSummary {
    const [first] = this.#all;
    if (first === undefined) throw new Error("a split without copies");
    return first.summary;
  }

  get cause(): string | null {
    return this.#all.map(({ cause }) => cause).find((cause) => cause !== null) ?? null;
  }

  write(chunk: Uint8Array): StageDecision | null {
    return refusedByAll(this.#all.map((decisions) => decisions.write(chunk)));
  }

  end(bytes: number): StageDecision | null {
    return refusedByAll(this.#all.map((decisions) => decisions.end(bytes)));
  }
}

function refusedByAll(said: readonly (StageDecision | null)[]): StageDecision | null {
  return said.includes(null) ? null : (said[0] ?? null);
}
