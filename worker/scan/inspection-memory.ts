/** Decoded content of parts that is looked into, of all messages together. Bytes; past it a message hears 451. */
export const inspectedBytesTotalMax = 536_870_912;

/** The memory that the parts of all messages share while they are looked into. */
export class InspectionMemory {
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax = inspectedBytesTotalMax) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** False: there is no room, and nothing was taken. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > this.#bytesMax) return false;
    this.#bytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}
