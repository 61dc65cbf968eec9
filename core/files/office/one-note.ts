import { asBytes, indexOfBytes, u64le } from "../bytes-at.ts";
import type { Findings } from "../reader.ts";
import { addEmbedded } from "./embedded.ts";

/** FileDataStoreObject, [MS-ONESTORE] §2.6.13: an identifier, the length, twelve bytes, the file. */
const fileData = asBytes("\xe7\x16\xe3\xbd\x65\x26\x11\x45\xa4\xc4\x8d\x4d\x0b\x7a\x9e\xac");
const headerBytes = 36;

/** Files in notes, wherever they stand: their names are kept too far away to be told which is whose. */
export function readOneNote(bytes: Uint8Array, findings: Findings, depth: number): null {
  for (let at = indexOfBytes(bytes, fileData); at !== -1; ) {
    const begin = at + headerBytes;
    const end = begin + u64le(bytes, at + fileData.length);
    const content = bytes.subarray(begin, Math.min(end, bytes.length));
    if (end > bytes.length) findings.mark("archive-damaged");
    findings.mark("embedded-object");
    addEmbedded([], content, findings, depth);
    at = indexOfBytes(bytes, fileData, begin + content.length);
  }
  return null;
}
