/** Reads of numbers and texts at a place in bytes, which no file can make throw: what lies outside reads as zero. */

export function u8(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

export function u16le(bytes: Uint8Array, at: number): number {
  return u8(bytes, at) | (u8(bytes, at + 1) << 8);
}

export function u16be(bytes: Uint8Array, at: number): number {
  return (u8(bytes, at) << 8) | u8(bytes, at + 1);
}

export function u32le(bytes: Uint8Array, at: number): number {
  return (u16le(bytes, at) | (u16le(bytes, at + 2) << 16)) >>> 0;
}

export function u32be(bytes: Uint8Array, at: number): number {
  return ((u16be(bytes, at) << 16) | u16be(bytes, at + 2)) >>> 0;
}

/** One character a byte. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  const end = Math.min(to, bytes.length);
  for (let at = Math.max(0, from); at < end; at += applyMax) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(at + applyMax, end)));
  }
  return text;
}
const applyMax = 8192;

/** Whether `expected` stands at this place. */
export function standsAt(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  if (at < 0 || at + expected.length > bytes.length) return false;
  for (let index = 0; index < expected.length; index++) {
    if (bytes[at + index] !== expected[index]) return false;
  }
  return true;
}

/** The first place of `wanted` in [from, to), or -1. */
export function indexOfBytes(bytes: Uint8Array, wanted: Uint8Array, from = 0, to = bytes.length): number {
  const first = wanted[0];
  if (first === undefined) return -1;
  for (let at = bytes.indexOf(first, from); at !== -1 && at + wanted.length <= to; at = bytes.indexOf(first, at + 1)) {
    if (standsAt(bytes, at, wanted)) return at;
  }
  return -1;
}

/** The last place of `wanted` at or after `from`, or -1. */
export function lastIndexOfBytes(bytes: Uint8Array, wanted: Uint8Array, from = 0): number {
  const first = wanted[0];
  if (first === undefined) return -1;
  // No farther back: what stands before may be very long.
  const looked = bytes.subarray(from);
  for (let at = looked.lastIndexOf(first); at !== -1; at = at === 0 ? -1 : looked.lastIndexOf(first, at - 1)) {
    if (standsAt(looked, at, wanted)) return from + at;
  }
  return -1;
}

/** The bytes that a text of characters up to 255 stands for. */
export function asBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A 64-bit number; above 2^53 it loses its low bits, which no size of a file that we see has. */
export function u64le(bytes: Uint8Array, at: number): number {
  return u32le(bytes, at) + u32le(bytes, at + 4) * 4_294_967_296;
}

/** The pieces one after the other; a single one is given as it is. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
