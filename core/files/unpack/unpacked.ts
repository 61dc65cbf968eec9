/**
 * What came out of compressed bytes. complete: all of it; cut: there is more than was asked for; damaged: all that came out before
 * the place where it cannot be read on.
 */
export type Unpacked = {
  bytes: Uint8Array;
  end: "complete" | "cut" | "damaged";
  /** How much of the packed bytes was read. */
  packedBytes: number;
};

/** Gives no more than `bytesMax`, in time linear in what it reads and gives. Never throws. */
export type Unpack = (packed: Uint8Array, bytesMax: number) => Unpacked;

const firstBytes = 4_096;
const growth = 4;
/** From here on all the room that may be needed is taken at once: the system gives what is not written to for nothing. */
const smallBytes = 16_777_216;

/** Collects what comes out, up to a cap. */
export class Output {
  readonly bytesMax: number;
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
    this.#bytes = new Uint8Array(Math.min(bytesMax, firstBytes));
  }

  get length(): number {
    return this.#length;
  }

  /** The bytes so far. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  get isFull(): boolean {
    return this.#length === this.bytesMax;
  }

  /** Where more may be written, at most up to the cap; `wrote` tells how much was. */
  room(): Uint8Array<ArrayBuffer> {
    if (this.#length === this.#bytes.length && !this.isFull) {
      const wanted = this.#length < smallBytes ? this.#length * growth : this.bytesMax;
      const grown = new Uint8Array(Math.min(this.bytesMax, wanted));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    return this.#bytes.subarray(this.#length);
  }

  wrote(count: number): void {
    this.#length += count;
  }
}
