import type { HoldTarget } from "#worker/scan/held-reading.ts";

/** Takes everything, and asks to stop after every piece when `slow`. */
export class HoldTaker implements HoldTarget {
  readonly pieces: Uint8Array[] = [];
  readonly ended: Promise<Buffer>;
  /** Set where it may be slow. */
  resume: (() => void) | null = null;
  isOver = false;
  #end: (whole: Buffer) => void = () => {};

  constructor() {
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get bytes(): number {
    return this.pieces.reduce((sum, { length }) => sum + length, 0);
  }

  get text(): string {
    return Buffer.concat(this.pieces).toString("latin1");
  }

  piece(bytes: Uint8Array): boolean {
    this.pieces.push(bytes);
    const { resume } = this;
    if (resume === null) return true;
    setImmediate(resume);
    return false;
  }

  done(): void {
    this.isOver = true;
    this.#end(Buffer.concat(this.pieces));
  }
}
