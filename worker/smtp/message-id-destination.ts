import { createHash } from "node:crypto";
import { FieldReplacer } from "#core/message/field-replacer.ts";
import type { Reply } from "#core/smtp/reply.ts";
import type { Delivery, Destination } from "./destination.ts";

const hashCharacters = 32;

/** Ours in the place of the message's own: the same for the same, so that copies and repeats still count as one message. */
export function messageIdFor(old: Uint8Array, hostName: string): string {
  const text = Buffer.from(old)
    .toString("latin1")
    .replace(/[ \t\r\n]+/g, "");
  return `<${createHash("sha256").update(text).digest("hex").slice(0, hashCharacters)}@${hostName}>`;
}

/** Gives a message on with its Message-ID replaced; everything else of it stays as it is. */
export class MessageIdDestination implements Destination {
  readonly #inner: Destination;
  readonly #replacer: FieldReplacer;
  #flows = true;

  /** `replaced` is told the new one. */
  constructor(inner: Destination, hostName: string, replaced: (messageId: string) => void) {
    this.#inner = inner;
    const replacement = (old: Uint8Array): Uint8Array => {
      const messageId = messageIdFor(old, hostName);
      replaced(messageId);
      return Buffer.from(`Message-ID: ${messageId}\r\n`);
    };
    this.#replacer = new FieldReplacer("message-id", replacement, (slice) => {
      this.#flows = inner.text(slice) && this.#flows;
    });
  }

  get kind(): Destination["kind"] {
    return this.#inner.kind;
  }

  get upstream(): string | null {
    return this.#inner.upstream;
  }

  get upstreamTls(): string | null {
    return this.#inner.upstreamTls;
  }

  get lastReply(): Reply | null {
    return this.#inner.lastReply;
  }

  get takesEightBit(): boolean {
    return this.#inner.takesEightBit;
  }

  get onDrain(): (() => void) | null {
    return this.#inner.onDrain;
  }

  set onDrain(taker: (() => void) | null) {
    this.#inner.onDrain = taker;
  }

  get onLost(): ((delivery: Delivery) => void) | null {
    return this.#inner.onLost;
  }

  set onLost(taker: ((delivery: Delivery) => void) | null) {
    this.#inner.onLost = taker;
  }

  open(done: (reply: Reply) => void): void {
    this.#inner.open(done);
  }

  text(slice: Uint8Array): boolean {
    this.#flows = true;
    this.#replacer.write(slice);
    return this.#flows;
  }

  stuffedDot(slice: Uint8Array): void {
    this.#replacer.flush();
    this.#inner.stuffedDot(slice);
  }

  end(subject: string | null, done: (delivery: Delivery) => void): void {
    this.#replacer.flush();
    this.#inner.end(subject, done);
  }

  abort(): void {
    this.#inner.abort();
  }
}
