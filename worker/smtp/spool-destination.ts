import { type Reply, reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import type { Spool, SpoolEnvelope, SpoolWriter } from "../spool/spool.ts";
import type { Delivery, Destination } from "./destination.ts";

/** Our disk, for a server that is asked later. */
export class SpoolDestination implements Destination {
  readonly kind = "spool";
  readonly upstream = null;
  readonly upstreamTls = null;
  readonly lastReply = null;
  readonly takesEightBit = true;
  readonly onLost = null;
  readonly #spool: Spool;
  readonly #envelope: SpoolEnvelope;
  #writer: SpoolWriter | null = null;
  #onDrain: (() => void) | null = null;

  constructor(spool: Spool, envelope: SpoolEnvelope) {
    this.#spool = spool;
    this.#envelope = envelope;
  }

  get onDrain(): (() => void) | null {
    return this.#onDrain;
  }

  set onDrain(taker: (() => void) | null) {
    this.#onDrain = taker;
    if (this.#writer !== null) this.#writer.onDrain = taker;
  }

  open(done: (reply: Reply) => void): void {
    if (this.#spool.full() !== null) return done(replies.spoolFull);
    this.#writer = this.#spool.begin(this.#envelope);
    this.#writer.onDrain = this.#onDrain;
    done(replies.startBody);
  }

  text(slice: Uint8Array): boolean {
    return this.#writer?.write(slice) ?? true;
  }

  stuffedDot(): void {
    // The spool keeps the message itself.
  }

  end(subject: string | null, done: (delivery: Delivery) => void): void {
    this.#writer?.commit(subject, (error) => {
      this.#writer = null;
      done(spoolDelivery(this.#envelope.id, error));
    });
  }

  abort(): void {
    this.#writer?.abort();
    this.#writer = null;
  }
}

/** What the client hears of a message that is on disk, or could not be written. */
export function spoolDelivery(id: string, error: Error | null): Delivery {
  if (error !== null) return { result: "failed", reply: replies.spoolFull, cause: `the spool: ${error.message}` };
  return { result: "spooled", reply: reply(250, "2.0.0", `Accepted for delivery (${id})`), cause: null };
}
