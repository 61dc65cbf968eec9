import { asBytes, indexOfBytes, lastIndexOfBytes, standsAt, u16le, u32le } from "../bytes-at.ts";
import { detectText } from "./detect-text.ts";
import { type DetectedType, type FileType, withFamily } from "./file-types.ts";
import { oleKindOfHead } from "./ole-kind.ts";
import { signatures } from "./signatures.ts";
import { zipKindOfHead } from "./zip-kind.ts";

/** Of a file's begin so many bytes are looked at. Bytes. */
export const headBytesMax = 65_536;
/** A PDF may begin with so much of something else; its readers look no further (PDF 1.7, appendix H.3.4.1). Bytes. */
const pdfBeginsWithin = 1_024;

/**
 * Tells what a file is from its first bytes, whatever its name and declared type say; `whole` is the file where it is at hand, for the
 * few formats that are known by their end. Reads `headBytesMax` at the most: what costs more is inspectBytes' task.
 */
export function detectType(start: Uint8Array, whole: Uint8Array | null = null): DetectedType {
  const head = start.length > headBytesMax ? start.subarray(0, headBytesMax) : start;
  return withFamily(head.length === 0 ? "application/x-empty" : typeOf(head, whole));
}

function typeOf(head: Uint8Array, whole: Uint8Array | null): FileType {
  const signed = signedType(head);
  if (signed !== null) return signed;
  if (indexOfBytes(head, pdf, 0, pdfBeginsWithin + pdf.length) !== -1) return "application/pdf";
  if (isOldTar(head)) return "application/x-tar";
  return (whole === null ? null : typeByEnd(whole)) ?? detectText(head);
}
const pdf = asBytes("%PDF-");

function signedType(head: Uint8Array): FileType | null {
  for (const { at, bytes, type, check } of signatures) {
    if (!standsAt(head, at, bytes) || (check !== undefined && !check(head))) continue;
    if (type === "application/zip") return zipKindOfHead(head);
    return type === "application/x-ole-storage" ? oleKindOfHead(head) : type;
  }
  return null;
}

/** A tar of before POSIX: only the sum over its header tells. */
function isOldTar(head: Uint8Array): boolean {
  if (head.length < 512 || head[0] === 0) return false;
  let sum = 0;
  for (let at = 0; at < 512; at++) sum += at >= 148 && at < 156 ? 32 : (head[at] ?? 0);
  const written = String.fromCharCode(...head.subarray(148, 156)).replace(/[\0 ]/g, "");
  return /^[0-7]{1,7}$/.test(written) && Number.parseInt(written, 8) === sum;
}

/** Disk images of fixed size, and zips behind something that is nothing by itself. */
function typeByEnd(whole: Uint8Array): FileType | null {
  if (standsAt(whole, whole.length - 512, conectix)) return "application/x-vhd";
  if (standsAt(whole, whole.length - 512, koly)) return "application/x-apple-diskimage";
  return endOfZip(whole) === -1 ? null : "application/zip";
}
const conectix = asBytes("conectix");
const koly = asBytes("koly\0\0\0\x04");

const endRecord = asBytes("PK\x05\x06");
const endBytes = 22;
/** The record, its comment, and some that mail adds. */
const endWithin = endBytes + 65_535 + 1_024;

/** Where a zip's end of central directory stands, whatever stands before the zip; -1: there is none. APPNOTE §4.3.16 */
export function endOfZip(whole: Uint8Array): number {
  const from = Math.max(0, whole.length - endWithin);
  let until = whole;
  for (;;) {
    const at = lastIndexOfBytes(until, endRecord, from);
    if (at === -1 || isEndOfZip(whole, at)) return at;
    until = whole.subarray(0, at);
  }
}

function isEndOfZip(whole: Uint8Array, at: number): boolean {
  const [entries, size] = [u16le(whole, at + 10), u32le(whole, at + 12)];
  if (at + endBytes > whole.length) return false;
  // Zip64 says its true numbers elsewhere (APPNOTE §4.4.1.4).
  return size === 0xffff_ffff || entries === 0xffff || (size <= at && entries * centralHeaderBytes <= size);
}
const centralHeaderBytes = 46;
