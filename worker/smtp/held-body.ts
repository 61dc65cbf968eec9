import { DotEncoder } from "#core/bytes/dot-encoder.ts";
import { shortLived } from "../net/short-lived.ts";
import type { MessageHold } from "../scan/message-hold.ts";
import type { Destination } from "./destination.ts";
import type { BodyOutlet } from "./message-body.ts";

/** A message that waits for its verdict, as a whole or in part, before its destination gets it: dots undone, and stuffed again on the way out. */
export class HeldBody implements BodyOutlet {
  readonly #hold: MessageHold;
  readonly #destination: Destination;
  readonly #encoder: DotEncoder | null;
  #flows = true;
  #finished: ((error: Error | null) => void) | null = null;

  /** `received`: our line on top of it, or null. What `hold` releases goes to the destination, which is open. */
  constructor(hold: MessageHold, destination: Destination, received: Buffer | null) {
    this.#hold = hold;
    this.#destination = destination;
    this.#encoder = destination.kind === "relay" ? new DotEncoder((slice) => this.#give(slice)) : null;
    destination.onDrain = shortLived(() => hold.resume());
    if (received !== null) destination.text(received);
    hold.deliverTo({ piece: (bytes) => this.#piece(bytes), done: () => this.#done() });
  }

  get onDrain(): (() => void) | null {
    return this.#hold.onDrain;
  }

  set onDrain(taker: (() => void) | null) {
    this.#hold.onDrain = taker;
  }

  text(slice: Uint8Array): boolean {
    return this.#hold.write(slice);
  }

  stuffedDot(): void {
    // Stuffed again on the way out.
  }

  /** Fields of ours above the message, of which nothing was released yet. */
  top(fields: Uint8Array): void {
    this.#destination.text(fields);
  }

  /** The message may pass: calls back once the destination has all of it, or with why it could not be read. */
  finish(done: (error: Error | null) => void): void {
    this.#finished = done;
    this.#hold.end();
    this.#hold.releaseTo(Number.POSITIVE_INFINITY);
  }

  /** The hold has failed. */
  fail(error: Error): void {
    this.#finished?.(error);
  }

  abort(): void {
    this.#finished = null;
    this.#hold.discard();
    this.#destination.abort();
  }

  #piece(bytes: Uint8Array): boolean {
    this.#flows = true;
    if (this.#encoder === null) this.#give(bytes);
    else this.#encoder.write(bytes);
    return this.#flows;
  }

  #give(slice: Uint8Array): void {
    this.#flows = this.#destination.text(slice) && this.#flows;
  }

  #done(): void {
    this.#encoder?.endText();
    this.#finished?.(null);
  }
}

/** A message of which several copies are made once it was judged: all of it waits. */
export class HeldBack implements BodyOutlet {
  readonly #hold: MessageHold;
  readonly #destination: Destination;

  constructor(hold: MessageHold, destination: Destination) {
    this.#hold = hold;
    this.#destination = destination;
  }

  get onDrain(): (() => void) | null {
    return this.#hold.onDrain;
  }

  set onDrain(taker: (() => void) | null) {
    this.#hold.onDrain = taker;
  }

  text(slice: Uint8Array): boolean {
    return this.#hold.write(slice);
  }

  stuffedDot(): void {
    // Stuffed again on the way out.
  }

  abort(): void {
    this.#hold.discard();
    this.#destination.abort();
  }
}
