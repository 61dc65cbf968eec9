import type { Ambiguity } from "./ambiguity.ts";
import * as limits from "./outline-limits.ts";
import type { OutlineSink } from "./outline-sink.ts";
import type { Part } from "./part.ts";

/** What is told of a message and of all the encoded messages inside it together. */
export class OutlineReport {
  readonly sink: OutlineSink;
  /** Since the last part began. */
  readonly #ambiguities = new Set<Ambiguity>();
  #entities = 0;
  #numbers = 0;
  #strayContents = 0;
  #stopped = false;

  constructor(sink: OutlineSink) {
    this.sink = sink;
  }

  /** Nothing more is read or told. */
  get stopped(): boolean {
    return this.#stopped;
  }

  nextNumber(): number {
    this.#numbers++;
    return this.#numbers;
  }

  /** Counts a part, told or not. */
  countPart(): void {
    this.#entities++;
    this.#ambiguities.clear();
    if (this.#entities > limits.partsMax) this.unscannable(`the message has more than ${limits.partsMax} parts`);
  }

  /** Counts content that begins in a header. Each passes the rest of the message, so that they are few. */
  countStrayContent(): void {
    this.countPart();
    this.#strayContents++;
    if (this.#strayContents > limits.strayContentsMax) {
      this.unscannable(`more than ${limits.strayContentsMax} headers have a line that is no field`);
    }
  }

  ambiguous(reason: Ambiguity): void {
    if (this.#stopped || this.#ambiguities.has(reason)) return;
    this.#ambiguities.add(reason);
    this.sink.ambiguous(reason, null);
  }

  ambiguousContent(reason: Ambiguity, part: Part): void {
    if (!this.#stopped) this.sink.ambiguous(reason, part);
  }

  unscannable(reason: string): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.sink.unscannable(reason);
  }

  /** What was asked for is told. */
  stop(): void {
    this.#stopped = true;
  }
}
