import { type Reply, replyText } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import { shortLived } from "../net/short-lived.ts";
import type { Spool, SpoolBatch, SpoolEnvelope } from "../spool/spool.ts";
import type { Answer } from "./answer.ts";
import type { Delivery, Destination } from "./destination.ts";
import { spoolDelivery } from "./spool-destination.ts";

/** One copy of a message: its recipients, our Received line on top of it, and what the rules say of it for them at the end. */
export type Branch = {
  envelope: SpoolEnvelope;
  received: Buffer | null;
  refusal(): Answer | null;
};

/**
 * Our disk, one copy for each treatment. A copy that the rules refuse while another passes is kept as failed, never sent by itself. Of a message
 * that `isHeld` nothing is written here: its copies differ, and go from where they are held.
 */
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
  readonly #isHeld: boolean;
  #batch: SpoolBatch | null = null;

  constructor(spool: Spool, branches: readonly Branch[], isHeld: boolean) {
    this.#spool = spool;
    this.#isHeld = isHeld;
    this.#branches = branches;
  }

  open(done: (reply: Reply) => void): void {
    if (this.#spool.full() !== null) return done(replies.spoolFull);
    if (this.#isHeld) return done(replies.startBody);
    const batch = this.#spool.beginBatch(this.#branches.map(({ envelope }) => envelope));
    batch.onDrain = shortLived(() => this.onDrain?.());
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
    const refusals = this.#branches.map(({ refusal }) => {
      const refused = refusal();
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
