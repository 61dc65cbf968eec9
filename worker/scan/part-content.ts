import { createHash } from "node:crypto";
import type { InspectionMemory } from "./inspection-memory.ts";

/** Pieces smaller than this are gathered: a part of short lines comes in one piece a line. */
const blockBytes = 16_384;

/**
 * The decoded content of one part while it passes: counted, digested, and kept up to a cap. `discard` must be called once it is no longer
 * needed; twice does no harm.
 */
export class PartContent {
  readonly #memory: InspectionMemory;
  readonly #keptMax: number;
  readonly #hash = createHash("sha256");
  #pieces: Uint8Array[] = [];
  #block: Uint8Array = new Uint8Array(0);
  #used = 0;
  #taken = 0;
  #bytes = 0;
  #kept = 0;

  /** Of a longer part its first `keptMax` bytes are kept. */
  constructor(memory: InspectionMemory, keptMax: number) {
    this.#memory = memory;
    this.#keptMax = keptMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** All of it is kept. */
  get whole(): boolean {
    return this.#kept === this.#bytes;
  }

  /** Takes the next piece, which may change afterwards. False: the memory for it is used up. */
  write(piece: Uint8Array): boolean {
    this.#bytes += piece.length;
    this.#hash.update(piece);
    let rest = piece.subarray(0, this.#keptMax - this.#kept);
    this.#kept += rest.length;
    while (rest.length > 0) {
      if (this.#used === this.#block.length && !this.#newBlock(rest.length)) return false;
      const part = rest.subarray(0, this.#block.length - this.#used);
      this.#block.set(part, this.#used);
      this.#used += part.length;
      rest = rest.subarray(part.length);
    }
    return true;
  }

  /** SHA-256, hexadecimal. Called once, after the last `write`. */
  digest(): string {
    return this.#hash.digest("hex");
  }

  /** What was kept, in one piece. */
  joined(): Uint8Array {
    const pieces = [...this.#pieces, this.#block.subarray(0, this.#used)];
    const joined = pieces.length === 1 ? (pieces[0] ?? new Uint8Array(0)) : Buffer.concat(pieces);
    this.#pieces = [];
    this.#block = joined;
    this.#used = joined.length;
    return joined;
  }

  discard(): void {
    this.#memory.give(this.#taken);
    this.#taken = 0;
    this.#pieces = [];
    this.#block = new Uint8Array(0);
    this.#used = 0;
  }

  #newBlock(wanted: number): boolean {
    const bytes = Math.max(wanted, Math.min(blockBytes, this.#keptMax));
    if (!this.#memory.take(bytes)) return false;
    this.#taken += bytes;
    if (this.#used > 0) this.#pieces.push(this.#block.subarray(0, this.#used));
    this.#block = new Uint8Array(bytes);
    this.#used = 0;
    return true;
  }
}
