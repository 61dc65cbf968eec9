import { asBytes, indexOfBytes, joined, u8 } from "../bytes-at.ts";
import { unpackLzma2 } from "./lzma.ts";
import type { Unpack, Unpacked } from "./unpacked.ts";

const magic = asBytes("\xfd7zXZ\0");
const lzma2Filter = 0x21;
const deltaFilter = 0x03;
/** By the kind of check that the stream's flags name. The .xz file format §2.1.1.2 */
const checkBytes = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

/** Xz: blocks in one or more streams, all of them one content. */
export const unpackXz: Unpack = (bytes, bytesMax) => {
  const contents: Uint8Array[] = [];
  let [at, length] = [0, 0];
  let end: Unpacked["end"] = "complete";
  // Behind the blocks stand an index and a footer, which tell nothing new; what is no stream is not looked at.
  for (let begin = 0; begin !== -1 && end === "complete"; begin = indexOfBytes(bytes, magic, at)) {
    const check = checkBytes[u8(bytes, begin + 7) & 0x0f] ?? 0;
    at = begin + 12;
    while (end === "complete" && at < bytes.length && u8(bytes, at) !== 0) {
      const headerBytes = (u8(bytes, at) + 1) * 4;
      const packed = bytes.subarray(at + headerBytes);
      const block = isPlainLzma2(bytes, at) ? unpackLzma2(packed, bytesMax - length) : damagedBlock;
      contents.push(block.bytes);
      length += block.bytes.length;
      end = block.end;
      at += headerBytes + Math.ceil(block.packedBytes / 4) * 4 + check;
    }
    if (at >= bytes.length && end === "complete") end = "damaged";
  }
  return { bytes: joined(contents), end, packedBytes: Math.min(at, bytes.length) };
};
const damagedBlock: Unpacked = { bytes: new Uint8Array(0), end: "damaged", packedBytes: 0 };

/** §3.1: the filters of a block; before LZMA2 only those for machine code may stand, which leave what tells a type. */
function isPlainLzma2(bytes: Uint8Array, at: number): boolean {
  const flags = u8(bytes, at + 1);
  let place = at + 2;
  const skip = (): number => {
    const begin = place;
    while (place - begin < 9 && (u8(bytes, place) & 0x80) !== 0) place++;
    place++;
    return u8(bytes, begin);
  };
  if ((flags & 0x40) !== 0) skip();
  if ((flags & 0x80) !== 0) skip();
  let last = 0;
  for (let filter = 0; filter <= (flags & 3); filter++) {
    last = skip();
    if (last === deltaFilter) return false;
    place += skip();
  }
  return last === lzma2Filter;
}
