/** What all held messages together keep in memory; past it each goes to its file. Bytes. */
export const heldInMemoryTotalBytesMax = 268_435_456;

/** The memory that held messages share. */
export class HoldMemory {
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax = heldInMemoryTotalBytesMax) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** No more should be taken: who holds much writes it to a file. */
  get full(): boolean {
    return this.#bytes > this.#bytesMax;
  }

  take(bytes: number): void {
    this.#bytes += bytes;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}
