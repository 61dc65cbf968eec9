import type { Ambiguity } from "./ambiguity.ts";
import * as limits from "./outline-limits.ts";
import type { OutlineSink } from "./outline-sink.ts";

/** What is told of a message and of all the encoded messages inside it together. */
export class OutlineReport {
  readonly sink: OutlineSink;
  readonly #ambiguities = new Set<Ambiguity>();
  #entities = 0;
  #numbers = 0;
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
    if (this.#entities > limits.partsMax) this.unscannable(`the message has more than ${limits.partsMax} parts`);
  }

  ambiguous(reason: Ambiguity): void {
    if (this.#stopped || this.#ambiguities.has(reason)) return;
    this.#ambiguities.add(reason);
    this.sink.ambiguous(reason);
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
