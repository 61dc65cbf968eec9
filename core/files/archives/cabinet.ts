import { u8, u16le, u32le } from "../bytes-at.ts";
import type { Findings } from "../reader.ts";
import { nameReadings } from "./entry-names.ts";

const utf8Attribute = 0x80;
const fileBytes = 16;
const nameMax = 256;

/** Cabinets of Windows ([MS-CAB] §2): the names and sizes; how they are packed is not undone. */
export function readCabinet(bytes: Uint8Array, findings: Findings, depth: number): null {
  const count = u16le(bytes, 28);
  let at = u32le(bytes, 16);
  for (let index = 0; index < count; index++) {
    const nameEnd = bytes.indexOf(0, at + fileBytes);
    if (nameEnd === -1 || nameEnd - at > fileBytes + nameMax) {
      findings.mark("archive-damaged");
      break;
    }
    const rawName = bytes.subarray(at + fileBytes, nameEnd);
    const isUtf8 = (u8(bytes, at + 14) & utf8Attribute) !== 0;
    const names = isUtf8 ? [new TextDecoder().decode(rawName)] : nameReadings(rawName);
    findings.addEntry({ names, bytes: u32le(bytes, at), packedBytes: null, encrypted: false, content: null }, depth);
    at = nameEnd + 1;
  }
  if (u32le(bytes, 8) > bytes.length) findings.mark("archive-damaged");
  return null;
}
