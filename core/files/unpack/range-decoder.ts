import { u32be } from "../bytes-at.ts";

const probabilityBits = 11;
const moveBits = 5;
const renewBelow = 0x0100_0000;

/** The arithmetic decoder of LZMA: bits by their probability, which each bit moves. What lies behind the packed bytes reads as zero. */
export class RangeDecoder {
  readonly #packed: Uint8Array;
  #at = 5;
  #range = 0xffff_ffff;
  #code: number;

  constructor(packed: Uint8Array) {
    this.#packed = packed;
    this.#code = u32be(packed, 1);
  }

  /** More was read than there is. */
  get isOver(): boolean {
    return this.#at > this.#packed.length;
  }

  bit(probabilities: Uint16Array, index: number): number {
    const probability = probabilities[index] ?? 0;
    const bound = (this.#range >>> probabilityBits) * probability;
    if (this.#code < bound) {
      this.#range = bound;
      probabilities[index] = probability + (((1 << probabilityBits) - probability) >> moveBits);
      if (bound < renewBelow) this.#renew();
      return 0;
    }
    this.#range -= bound;
    this.#code -= bound;
    probabilities[index] = probability - (probability >> moveBits);
    if (this.#range < renewBelow) this.#renew();
    return 1;
  }

  /** Bits of a number from the highest down, each with the probability that those before it lead to. */
  tree(probabilities: Uint16Array, base: number, bits: number): number {
    let node = 1;
    for (let count = 0; count < bits; count++) node = (node << 1) | this.bit(probabilities, base + node);
    return node - (1 << bits);
  }

  reverseTree(probabilities: Uint16Array, base: number, bits: number): number {
    let node = 1;
    let value = 0;
    for (let count = 0; count < bits; count++) {
      const bit = this.bit(probabilities, base + node);
      node = (node << 1) | bit;
      value |= bit << count;
    }
    return value;
  }

  /** Bits of equal chance. */
  direct(bits: number): number {
    let value = 0;
    for (let count = 0; count < bits; count++) {
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code -= this.#range;
      value = value * 2 + bit;
      if (this.#range < renewBelow) this.#renew();
    }
    return value;
  }

  /** A byte; after a copy the byte that a longer one would have given leads, until they differ. -1: there is none. */
  literal(probabilities: Uint16Array, base: number, matched: number): number {
    let node = 1;
    if (matched !== -1) {
      for (let lead = matched; node < 0x100; lead <<= 1) {
        const leading = (lead >> 7) & 1;
        const bit = this.bit(probabilities, base + ((1 + leading) << 8) + node);
        node = (node << 1) | bit;
        if (bit !== leading) break;
      }
    }
    while (node < 0x100) node = (node << 1) | this.bit(probabilities, base + node);
    return node & 0xff;
  }

  #renew(): void {
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | (this.#packed[this.#at] ?? 0)) >>> 0;
    this.#at++;
  }
}
