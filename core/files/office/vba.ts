import { asBytes, indexOfBytes, u8, u16le } from "../bytes-at.ts";
import type { Unpack } from "../unpack/unpacked.ts";

const chunkBytes = 4096;

/** The first eight letters of "Attribute VB_Name", with which every module begins, as they are packed: a flag byte, then each as it is. */
const moduleBegin = asBytes("\0Attribut");

/** Procedures that Office calls by itself. [MS-VBAL] has none of this: it is what Word, Excel and PowerPoint do. */
const automatic =
  /\b(?:auto_?(?:open|close|exec|exit|new|activate)|document_?(?:open|close|beforeclose|new|beforesave)|workbook_(?:open|activate|beforeclose|beforesave|deactivate)|\w{1,40}_(?:layout|painted|painting|beforenavigate2|documentcomplete|gotfocus|mousehover))\b/i;

export function runsByItself(source: string): boolean {
  return automatic.test(source);
}

/** Where a module's packed source stands in its stream, [MS-OVBA] §2.3.4.3; null: the stream is none. */
export function packedModule(stream: Uint8Array): Uint8Array | null {
  const found = indexOfBytes(stream, moduleBegin);
  return found < 3 || u8(stream, found - 3) !== 1 ? null : stream.subarray(found - 2);
}

/** Chunks of at most 4,096 bytes, each with a header of its length, until what follows is none. [MS-OVBA] §2.4.1.3 */
export const unpackVba: Unpack = (packed, bytesMax) => {
  const out = new Uint8Array(Math.min(bytesMax, Math.ceil(packed.length / 2) * chunkBytes));
  let [at, length] = [0, 0];
  while (at + 2 < packed.length && length < out.length) {
    const header = u16le(packed, at);
    if ((header & 0x7000) !== 0x3000) break;
    const end = Math.min(packed.length, at + 3 + (header & 0x0fff));
    const isPacked = (header & 0x8000) !== 0;
    length += isPacked ? unpackChunk(packed, at + 2, end, out, length) : copyChunk(packed, at + 2, end, out, length);
    at = end;
  }
  // Of a longer source the begin is enough: what runs by itself is looked for there.
  return { bytes: out.subarray(0, length), end: "complete", packedBytes: at };
};

function copyChunk(packed: Uint8Array, from: number, end: number, out: Uint8Array, start: number): number {
  const chunk = packed.subarray(from, Math.min(end, from + out.length - start));
  out.set(chunk, start);
  return chunk.length;
}

/** Flag bytes, each for eight tokens: a byte as it is, or a copy of what came before. §2.4.1.3.5, §2.4.1.3.19.1 */
function unpackChunk(packed: Uint8Array, from: number, end: number, out: Uint8Array, start: number): number {
  const stop = Math.min(out.length, start + chunkBytes);
  let [at, length] = [from, start];
  while (at < end && length < stop) {
    const flags = u8(packed, at++);
    for (let bit = 0; bit < 8 && at < end && length < stop; bit++) {
      if (((flags >> bit) & 1) === 0) {
        out[length++] = u8(packed, at++);
        continue;
      }
      const token = u16le(packed, at);
      at += 2;
      const offsetBits = Math.max(4, Math.ceil(Math.log2(length - start)));
      const count = (token & (0xffff >> offsetBits)) + 3;
      const offset = (token >> (16 - offsetBits)) + 1;
      if (offset > length - start) return length - start;
      for (let copied = 0; copied < count && length < stop; copied++) {
        out[length] = u8(out, length - offset);
        length++;
      }
    }
  }
  return length - start;
}
