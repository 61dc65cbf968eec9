import { latin1, u8 } from "../bytes-at.ts";
import type { Findings } from "../reader.ts";
import { nameReadings, utf8Text } from "./entry-names.ts";

const blockBytes = 512;

/** What an extended header says of the entry after it. */
type Extension = { names: string[]; bytes: number | null };

/** Tar as POSIX writes it (pax, ustar), as GNU does, and as it was before. POSIX.1-2024 pax §"ustar Interchange Format" */
export function readTar(bytes: Uint8Array, findings: Findings, depth: number): null {
  let extension: Extension = { names: [], bytes: null };
  let ended = false;
  let at = 0;
  while (at + blockBytes <= bytes.length) {
    const block = bytes.subarray(at, at + blockBytes);
    if (block.every((byte) => byte === 0)) {
      ended = true;
      at += blockBytes;
      continue;
    }
    if (!hasValidSum(block)) {
      addRest(bytes.subarray(at), ended, findings, depth);
      return null;
    }
    // Some go on behind the end, most do not.
    if (ended) findings.mark("archive-disagreement");
    const kind = latin1(block, 156, 157);
    const size = (isExtension(kind) ? null : extension.bytes) ?? numberAt(block, 124, 12);
    const content = bytes.subarray(at + blockBytes, at + blockBytes + size);
    if (content.length < size) findings.mark("archive-damaged");
    if (isExtension(kind)) extension = extended(extension, kind, content);
    else {
      addFile(block, extension, content, findings, depth);
      extension = { names: [], bytes: null };
    }
    at += blockBytes + Math.ceil(size / blockBytes) * blockBytes;
  }
  const rest = bytes.subarray(at);
  if (rest.some((byte) => byte !== 0)) addRest(rest, ended, findings, depth);
  if (at > bytes.length) findings.mark("archive-damaged");
  return null;
}

function addFile(
  block: Uint8Array,
  extension: Extension,
  content: Uint8Array,
  findings: Findings,
  depth: number,
): void {
  const own = textAt(block, 0, 100);
  const folder = latin1(block, 257, 263) === "ustar\0" ? textAt(block, 345, 155) : new Uint8Array(0);
  const written = folder.length === 0 ? nameReadings(own) : joinedNames(nameReadings(folder), nameReadings(own));
  const isFile = !["1", "2", "3", "4", "5", "6"].includes(latin1(block, 156, 157));
  findings.addEntry(
    {
      names: [...new Set([...extension.names, ...written])],
      bytes: content.length,
      packedBytes: null,
      encrypted: false,
      content: isFile ? content : null,
    },
    depth,
  );
}

function joinedNames(folders: readonly string[], names: readonly string[]): string[] {
  return names.map((name, index) => `${folders[index] ?? folders[0] ?? ""}/${name}`);
}

/** What stands where a header should: broken, or another file that hides behind the tar's end. */
function addRest(rest: Uint8Array, ended: boolean, findings: Findings, depth: number): void {
  findings.mark(ended ? "archive-disagreement" : "archive-damaged");
  findings.addEntry({ names: [], bytes: rest.length, packedBytes: null, encrypted: false, content: rest }, depth);
}

/** Pax of one entry and of all that follow, GNU's long names and links. */
function isExtension(kind: string): boolean {
  return ["x", "X", "g", "L", "K"].includes(kind);
}

function extended(extension: Extension, kind: string, content: Uint8Array): Extension {
  if (kind === "L") return { ...extension, names: [...extension.names, ...nameReadings(withoutNul(content))] };
  if (kind === "K" || kind === "g") return extension;
  return paxRecords(content, extension);
}

/** Records of "length keyword=value\n", the length in decimal with all of the record. */
function paxRecords(content: Uint8Array, before: Extension): Extension {
  const names = [...before.names];
  let { bytes } = before;
  for (let at = 0; at < content.length; ) {
    const length = Number.parseInt(latin1(content, at, at + 12), 10);
    if (!Number.isInteger(length) || length < 5) break;
    const record = content.subarray(at, at + length - 1);
    const blank = record.indexOf(32);
    const equals = record.indexOf(61);
    const value = record.subarray(equals + 1);
    const keyword = latin1(record, blank + 1, equals);
    if (keyword === "path" || keyword === "GNU.sparse.name")
      names.push(utf8Text(value) ?? latin1(value, 0, value.length));
    if (keyword === "size") bytes = Number.parseInt(latin1(value, 0, 20), 10) || 0;
    at += length;
  }
  return { names, bytes };
}

/** The sum over the header with blanks in the sum's own place; some wrote it of signed bytes. */
function hasValidSum(block: Uint8Array): boolean {
  let [sum, signedSum] = [0, 0];
  for (let at = 0; at < blockBytes; at++) {
    const byte = at >= 148 && at < 156 ? 32 : u8(block, at);
    sum += byte;
    signedSum += byte > 127 ? byte - 256 : byte;
  }
  const written = numberAt(block, 148, 8);
  return written === sum || written === signedSum;
}

/** Octal digits, or a large number in binary with the first bit set (GNU). */
function numberAt(block: Uint8Array, at: number, length: number): number {
  if ((u8(block, at) & 0x80) !== 0) {
    let value = 0;
    for (let index = Math.max(1, length - 6); index < length; index++) value = value * 256 + u8(block, at + index);
    return value;
  }
  const digits = /^[\s\0]*([0-7]+)/.exec(latin1(block, at, at + length));
  return digits === null ? 0 : Number.parseInt(digits[1] ?? "0", 8);
}

function textAt(block: Uint8Array, at: number, length: number): Uint8Array {
  return withoutNul(block.subarray(at, at + length));
}

function withoutNul(text: Uint8Array): Uint8Array {
  const nul = text.indexOf(0);
  return nul === -1 ? text : text.subarray(0, nul);
}
