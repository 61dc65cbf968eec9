import type { HeldBytes } from "./held-bytes.ts";

/** Takes the bytes of a held message in order. */
export interface HoldTarget {
  /** False: no more before `resume`. The bytes must not be changed. */
  piece(bytes: Uint8Array): boolean;
  /** All was given. Not called when the message is discarded or cannot be read. */
  done(): void;
}

/** One consumer of held bytes, at its own pace. */
export class HeldReading {
  readonly #held: HeldBytes;
  readonly #target: HoldTarget;
  /** Called when it came further or is over. */
  readonly #moved: () => void;
  #at: number;
  #to: number;
  #last = false;
  #blocked = false;
  #giving = false;
  #waitingForFile = false;
  #over = false;

  constructor(held: HeldBytes, from: number, target: HoldTarget, moved: () => void) {
    this.#held = held;
    this.#at = from;
    this.#to = from;
    this.#target = target;
    this.#moved = moved;
  }

  /** The offset of the next byte. */
  get at(): number {
    return this.#at;
  }

  /** The target asked to stop. */
  get blocked(): boolean {
    return this.#blocked;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Everything held was given, and the target takes more. */
  get caughtUp(): boolean {
    return this.#at === this.#held.end && !this.#blocked && !this.#giving && !this.#over;
  }

  /** Reads on up to the offset; `last`: nothing comes after it. */
  readTo(offset: number, last: boolean): void {
    this.#to = Math.max(this.#to, offset);
    this.#last ||= last;
    this.#run();
  }

  /** Gives bytes that follow what was given and are not held. Only when `caughtUp`. */
  pass(bytes: Uint8Array): void {
    this.#give(bytes);
    this.#to = this.#at;
  }

  /** Goes on after the target asked to stop. */
  resume(): void {
    this.#blocked = false;
    this.#run();
  }

  /** The target gets nothing more. */
  stop(): void {
    this.#over = true;
  }

  #run(): void {
    if (this.#giving || this.#waitingForFile) return;
    while (!this.#blocked && !this.#over && this.#at < this.#to) {
      const bytes = this.#held.inMemory(this.#at, this.#to);
      if (bytes === null) return this.#readFile();
      this.#give(bytes);
    }
    const done = this.#last && this.#at === this.#to && !this.#blocked && !this.#over;
    if (done) this.#over = true;
    this.#moved();
    if (done) this.#target.done();
  }

  #readFile(): void {
    this.#waitingForFile = true;
    this.#held.fromFile(this.#at, this.#to, (bytes) => {
      this.#waitingForFile = false;
      if (this.#over) return;
      this.#give(bytes);
      this.#run();
    });
  }

  #give(bytes: Uint8Array): void {
    this.#at += bytes.length;
    this.#giving = true;
    if (!this.#target.piece(bytes)) this.#blocked = true;
    this.#giving = false;
  }
}
