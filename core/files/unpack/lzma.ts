import { u8, u16be } from "../bytes-at.ts";
import { RangeDecoder } from "./range-decoder.ts";
import type { Unpack, Unpacked } from "./unpacked.ts";

const lengthTreeBits = 3;
const positionSlots = 64;
const alignBits = 4;
const endDistance = 0xffff_ffff;
/** Distances of slots from here on have bits of equal chance. */
const directFrom = 14;
const copyMin = 2;

/** The probabilities of one kind of length: a choice of three trees. */
class LengthDecoder {
  readonly #choice = new Uint16Array(2).fill(1024);
  readonly #low = new Uint16Array(16 << lengthTreeBits).fill(1024);
  readonly #middle = new Uint16Array(16 << lengthTreeBits).fill(1024);
  readonly #high = new Uint16Array(256).fill(1024);

  read(range: RangeDecoder, positionState: number): number {
    if (range.bit(this.#choice, 0) === 0) return range.tree(this.#low, positionState << 3, 3);
    if (range.bit(this.#choice, 1) === 0) return 8 + range.tree(this.#middle, positionState << 3, 3);
    return 16 + range.tree(this.#high, 0, 8);
  }
}

/** What repeats and literals have been like so far; begun anew at each reset. */
class LzmaState {
  readonly isMatch = new Uint16Array(192).fill(1024);
  readonly isRepeat = new Uint16Array(12).fill(1024);
  readonly isRepeat0 = new Uint16Array(12).fill(1024);
  readonly isRepeat1 = new Uint16Array(12).fill(1024);
  readonly isRepeat2 = new Uint16Array(12).fill(1024);
  readonly isRepeat0Long = new Uint16Array(192).fill(1024);
  readonly slots = new Uint16Array(4 * positionSlots).fill(1024);
  readonly special = new Uint16Array(128).fill(1024);
  readonly align = new Uint16Array(1 << alignBits).fill(1024);
  readonly lengths = new LengthDecoder();
  readonly repeatLengths = new LengthDecoder();
  readonly literals: Uint16Array;
  readonly distances = [0, 0, 0, 0];
  value = 0;

  constructor(literalBits: number) {
    this.literals = new Uint16Array(0x300 << literalBits).fill(1024);
  }
}

/** LZMA as its author specifies it: what came out is the dictionary, so distances reach back as far as there is anything. */
export class LzmaDecoder {
  #out: Uint8Array;
  #length = 0;
  readonly #bytesMax: number;
  #literalContext = 3;
  #literalPosition = 0;
  #positionMask = 3;
  #state = new LzmaState(3);

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
    this.#out = new Uint8Array(Math.min(bytesMax, 65_536));
  }

  get bytes(): Uint8Array {
    return this.#out.subarray(0, this.#length);
  }

  get length(): number {
    return this.#length;
  }

  /** Takes the byte that says how contexts are made; false: there is no such. */
  setProperties(byte: number): boolean {
    const literalContext = byte % 9;
    const literalPosition = Math.floor(byte / 9) % 5;
    if (byte >= 225 || literalContext + literalPosition > 4 + 4) return false;
    this.#literalContext = literalContext;
    this.#literalPosition = literalPosition;
    this.#positionMask = (1 << Math.floor(byte / 45)) - 1;
    this.resetState();
    return true;
  }

  resetState(): void {
    this.#state = new LzmaState(this.#literalContext + this.#literalPosition);
  }

  /** Takes bytes as they are. */
  copy(bytes: Uint8Array): void {
    const taken = bytes.subarray(0, this.#bytesMax - this.#length);
    this.#makeRoom(taken.length);
    this.#out.set(taken, this.#length);
    this.#length += taken.length;
  }

  /** Decodes until `until` bytes came out in all, or the end was marked. */
  decode(packed: Uint8Array, until: number): Unpacked["end"] {
    const range = new RangeDecoder(packed);
    const stop = Math.min(until, this.#bytesMax);
    while (this.#length < stop) {
      if (range.isOver) return "damaged";
      const distance = this.#step(range, stop);
      if (distance === endDistance) return "complete";
      if (distance === -1) return "damaged";
    }
    if (range.isOver) return "damaged";
    return this.#length < until ? "cut" : "complete";
  }

  /** One literal or one copy. Gives `endDistance` at the mark of the end, -1 when it reaches back too far, else zero. */
  #step(range: RangeDecoder, stop: number): number {
    const state = this.#state;
    const positionState = this.#length & this.#positionMask;
    if (range.bit(state.isMatch, (state.value << 4) + positionState) === 0) {
      this.#literal(range);
      return 0;
    }
    let length: number;
    if (range.bit(state.isRepeat, state.value) === 0) {
      length = copyMin + state.lengths.read(range, positionState);
      const distance = readDistance(range, state, length);
      if (distance === endDistance) return endDistance;
      state.distances.unshift(distance);
      state.distances.pop();
      state.value = state.value < 7 ? 7 : 10;
    } else {
      const isShort = this.#repeat(range, positionState);
      length = isShort ? 1 : copyMin + state.repeatLengths.read(range, positionState);
      if (isShort) state.value = state.value < 7 ? 9 : 11;
      else state.value = state.value < 7 ? 8 : 11;
    }
    return this.#copyBack((state.distances[0] ?? 0) + 1, Math.min(length, stop - this.#length));
  }

  /** Chooses one of the last four distances; true: of a single byte. */
  #repeat(range: RangeDecoder, positionState: number): boolean {
    const state = this.#state;
    if (range.bit(state.isRepeat0, state.value) === 0) {
      return range.bit(state.isRepeat0Long, (state.value << 4) + positionState) === 0;
    }
    const index = range.bit(state.isRepeat1, state.value) === 0 ? 1 : 2 + range.bit(state.isRepeat2, state.value);
    const [distance = 0] = state.distances.splice(index, 1);
    state.distances.unshift(distance);
    return false;
  }

  #literal(range: RangeDecoder): void {
    this.#makeRoom(1);
    const state = this.#state;
    const before = this.#length === 0 ? 0 : u8(this.#out, this.#length - 1);
    const place = this.#length & ((1 << this.#literalPosition) - 1);
    const base = 0x300 * ((place << this.#literalContext) + (before >> (8 - this.#literalContext)));
    const matched = state.value < 7 ? -1 : u8(this.#out, this.#length - (state.distances[0] ?? 0) - 1);
    this.#out[this.#length++] = range.literal(state.literals, base, matched);
    state.value = state.value < 4 ? 0 : state.value - (state.value < 10 ? 3 : 6);
  }

  #copyBack(distance: number, length: number): number {
    if (distance > this.#length) return -1;
    this.#makeRoom(length);
    const out = this.#out;
    for (let copied = 0; copied < length; copied++) {
      out[this.#length] = out[this.#length - distance] ?? 0;
      this.#length++;
    }
    return 0;
  }

  #makeRoom(count: number): void {
    const wanted = this.#length + count;
    if (wanted <= this.#out.length) return;
    const size = wanted < 16_777_216 ? Math.max(wanted, this.#out.length * 4) : this.#bytesMax;
    const grown = new Uint8Array(Math.min(this.#bytesMax, size));
    grown.set(this.#out);
    this.#out = grown;
  }
}

function readDistance(range: RangeDecoder, state: LzmaState, length: number): number {
  const slot = range.tree(state.slots, Math.min(length - copyMin, 3) * positionSlots, 6);
  if (slot < 4) return slot;
  const bits = (slot >> 1) - 1;
  const base = (2 | (slot & 1)) * 2 ** bits;
  if (slot < directFrom) return base + range.reverseTree(state.special, base - slot, bits);
  const direct = range.direct(bits - alignBits) * 16;
  return base + direct + range.reverseTree(state.align, 0, alignBits);
}

/** LZMA with its properties before it, `unpackedBytes` long. */
export function unpackLzma(
  properties: Uint8Array,
  packed: Uint8Array,
  unpackedBytes: number,
  bytesMax: number,
): Unpacked {
  const decoder = new LzmaDecoder(bytesMax);
  const isKnown = decoder.setProperties(u8(properties, 0));
  const end = isKnown ? decoder.decode(packed, unpackedBytes) : "damaged";
  return { bytes: decoder.bytes, end, packedBytes: packed.length };
}

/** LZMA in chunks, each with what it resets. */
export const unpackLzma2: Unpack = (packed, bytesMax) => {
  const decoder = new LzmaDecoder(bytesMax);
  let end: Unpacked["end"] = "damaged";
  let at = 0;
  while (at < packed.length) {
    const control = u8(packed, at);
    if (control === 0) return { bytes: decoder.bytes, end: "complete", packedBytes: at + 1 };
    if (decoder.length === bytesMax) return { bytes: decoder.bytes, end: "cut", packedBytes: at };
    if (control < 0x80) {
      if (control > 2) break;
      const size = u16be(packed, at + 1) + 1;
      decoder.copy(packed.subarray(at + 3, at + 3 + size));
      at += 3 + size;
      continue;
    }
    const reset = (control >> 5) & 3;
    const unpackedBytes = ((control & 0x1f) << 16) + u16be(packed, at + 1) + 1;
    const packedBytes = u16be(packed, at + 3) + 1;
    const begin = at + (reset >= 2 ? 6 : 5);
    if (reset >= 2 && !decoder.setProperties(u8(packed, at + 5))) break;
    if (reset === 1) decoder.resetState();
    end = decoder.decode(packed.subarray(begin, begin + packedBytes), decoder.length + unpackedBytes);
    at = begin + packedBytes;
    if (end !== "complete") break;
    end = "damaged";
  }
  return { bytes: decoder.bytes, end, packedBytes: Math.min(at, packed.length) };
};

/** Method 14 of zip: a version, the size of the properties, the properties, then LZMA. APPNOTE §5.8.8 */
export function unpackZipLzma(packed: Uint8Array, unpackedBytes: number, bytesMax: number): Unpacked {
  return unpackLzma(packed.subarray(4, 9), packed.subarray(9), unpackedBytes, bytesMax);
}
