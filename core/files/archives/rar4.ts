import { latin1, u8, u16le, u32le } from "../bytes-at.ts";
import type { Findings } from "../reader.ts";
import { nameReadings } from "./entry-names.ts";

const blockType = { archive: 0x73, file: 0x74, service: 0x7a, end: 0x7b } as const;
const flag = {
  hasData: 0x8000,
  encryptedHeaders: 0x80,
  large: 0x100,
  unicode: 0x200,
  encrypted: 4,
  before: 1,
  after: 2,
};
const folderBits = 0xe0;
const storedMethod = 0x30;

/** Rar 1.5 to 4: blocks with their sizes, one after the other (technote.txt of RAR 4.20). */
export function readRar4(bytes: Uint8Array, findings: Findings, depth: number): void {
  for (let at = 7; at + 7 <= bytes.length; ) {
    const [type, flags, headBytes] = [u8(bytes, at + 2), u16le(bytes, at + 3), u16le(bytes, at + 5)];
    if (headBytes < 7) return findings.mark("archive-damaged");
    const isFile = type === blockType.file || type === blockType.service;
    const large = isFile && (flags & flag.large) !== 0 ? u32le(bytes, at + 32) * 4_294_967_296 : 0;
    const dataBytes = isFile || (flags & flag.hasData) !== 0 ? u32le(bytes, at + 7) + large : 0;
    const contentAt = at + headBytes;
    if (contentAt + dataBytes > bytes.length) findings.mark("archive-damaged");
    if (type === blockType.archive && (flags & flag.encryptedHeaders) !== 0) return findings.mark("encrypted");
    if (type === blockType.file) {
      addFile(bytes.subarray(at, contentAt), bytes.subarray(contentAt, contentAt + dataBytes), findings, depth);
    }
    if (type === blockType.end) return addRest(bytes, contentAt + dataBytes, findings, depth);
    at = contentAt + dataBytes;
  }
}

function addFile(head: Uint8Array, content: Uint8Array, findings: Findings, depth: number): void {
  const flags = u16le(head, 3);
  const large = (flags & flag.large) !== 0;
  const nameAt = large ? 40 : 32;
  const encrypted = (flags & flag.encrypted) !== 0;
  const isFolder = (flags & folderBits) === folderBits;
  const isWhole = (flags & (flag.before | flag.after)) === 0;
  const isStored = u8(head, 25) === storedMethod && isWhole;
  const bytes = u32le(head, 11) + (large ? u32le(head, 36) * 4_294_967_296 : 0);
  findings.addEntry(
    {
      names: namesOf(head.subarray(nameAt, nameAt + u16le(head, 26)), (flags & flag.unicode) !== 0),
      bytes: isFolder ? 0 : bytes,
      packedBytes: content.length,
      encrypted,
      content: isStored && !encrypted && !isFolder ? content : null,
    },
    depth,
  );
}

/** Behind the end mark nothing should stand. */
export function addRest(bytes: Uint8Array, from: number, findings: Findings, depth: number): void {
  const rest = bytes.subarray(from);
  if (rest.every((byte) => byte === 0 || byte === 10 || byte === 13)) return;
  findings.mark("archive-disagreement");
  findings.addEntry({ names: [], bytes: rest.length, packedBytes: null, encrypted: false, content: rest }, depth);
}

function namesOf(raw: Uint8Array, isUnicode: boolean): string[] {
  const nul = raw.indexOf(0);
  if (!isUnicode || nul === -1) return nameReadings(raw);
  const plain = raw.subarray(0, nul);
  return [...new Set([unicodeName(plain, raw.subarray(nul + 1)), ...nameReadings(plain)])];
}

/** The name in 16 bits, packed against the plain one: two bits tell for each letter how it is written. */
function unicodeName(plain: Uint8Array, packed: Uint8Array): string {
  const high = u8(packed, 0) << 8;
  let name = "";
  let [at, bits, left] = [1, 0, 0];
  while (at < packed.length && name.length < nameMax) {
    if (left === 0) {
      bits = u8(packed, at++);
      left = 8;
    }
    left -= 2;
    const how = (bits >> left) & 3;
    if (how === 0) name += String.fromCharCode(u8(packed, at++));
    else if (how === 1) name += String.fromCharCode(high | u8(packed, at++));
    else if (how === 2) {
      name += String.fromCharCode(u16le(packed, at));
      at += 2;
    } else {
      const run = u8(packed, at++);
      if ((run & 0x80) === 0) name += latin1(plain, name.length, name.length + run + 2);
      else {
        const change = u8(packed, at++);
        for (let count = (run & 0x7f) + 2; count > 0; count--) {
          name += String.fromCharCode(high | ((u8(plain, name.length) + change) & 255));
        }
      }
    }
  }
  return name;
}
const nameMax = 2_048;
