import { bytesOf } from "../../../support/chunk-invariance.ts";

export { bytesOf };

export function joined(...pieces: (Uint8Array | string)[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(pieces.map((piece) => (typeof piece === "string" ? bytesOf(piece) : piece))));
}

export function le16(...values: number[]): Uint8Array {
  return joined(...values.map((value) => Uint8Array.of(value & 255, (value >> 8) & 255)));
}

export function le32(...values: number[]): Uint8Array {
  return joined(...values.map((value) => le16(value & 0xffff, Math.floor(value / 65_536) & 0xffff)));
}

export function le64(value: number): Uint8Array {
  return le32(value % 4_294_967_296, Math.floor(value / 4_294_967_296));
}

/** A copy with other bytes at one place. */
export function patched(bytes: Uint8Array, at: number, piece: Uint8Array | string): Uint8Array {
  const copy = bytes.slice();
  copy.set(joined(piece), at);
  return copy;
}
