import { asBytes, standsAt, u16le, u32le, u64le } from "../bytes-at.ts";
import { nameReadings, utf8Text } from "./entry-names.ts";

/** One entry as one of a zip's two directories tells it. APPNOTE §4.3.7, §4.3.12 */
export type ZipEntry = {
  rawName: Uint8Array;
  names: readonly string[];
  method: number;
  flags: number;
  packedBytes: number;
  bytes: number;
  /** Of the local header, as written: what stands before the zip is not counted. */
  offset: number;
  /** Where the header ends: name, extra field and comment included. */
  end: number;
};

export const localSignature = asBytes("PK\x03\x04");
export const centralSignature = asBytes("PK\x01\x02");
const unknown32 = 0xffff_ffff;

/** Sizes follow the content: the local header need not know them. APPNOTE §4.4.4, bit 3 */
export const sizesFollowFlag = 0x08;
const encryptedFlags = 0x01 | 0x40 | 0x2000;
const aesMethod = 99;

export function isEncrypted({ flags, method }: ZipEntry): boolean {
  return (flags & encryptedFlags) !== 0 || method === aesMethod;
}

/** Null: there is no such header at this place, or not all of it. */
export function readCentralEntry(bytes: Uint8Array, at: number): ZipEntry | null {
  if (!standsAt(bytes, at, centralSignature)) return null;
  const nameEnd = at + 46 + u16le(bytes, at + 28);
  const extraEnd = nameEnd + u16le(bytes, at + 30);
  const end = extraEnd + u16le(bytes, at + 32);
  if (end > bytes.length) return null;
  const entry = {
    ...namesOf(bytes.subarray(at + 46, nameEnd), bytes.subarray(nameEnd, extraEnd)),
    method: u16le(bytes, at + 10),
    flags: u16le(bytes, at + 8),
    packedBytes: u32le(bytes, at + 20),
    bytes: u32le(bytes, at + 24),
    offset: u32le(bytes, at + 42),
    end,
  };
  return withLargeNumbers(entry, bytes.subarray(nameEnd, extraEnd));
}

export function readLocalEntry(bytes: Uint8Array, at: number): ZipEntry | null {
  if (!standsAt(bytes, at, localSignature)) return null;
  const nameEnd = at + 30 + u16le(bytes, at + 26);
  const end = nameEnd + u16le(bytes, at + 28);
  if (end > bytes.length) return null;
  const entry = {
    ...namesOf(bytes.subarray(at + 30, nameEnd), bytes.subarray(nameEnd, end)),
    method: u16le(bytes, at + 8),
    flags: u16le(bytes, at + 6),
    packedBytes: u32le(bytes, at + 18),
    bytes: u32le(bytes, at + 22),
    offset: at,
    end,
  };
  return withLargeNumbers(entry, bytes.subarray(nameEnd, end));
}

const zip64Id = 0x0001;
const unicodePathId = 0x7075;

/** APPNOTE §4.6.9: the name once more in UTF-8, in an extra field that not everybody reads. */
function namesOf(rawName: Uint8Array, extra: Uint8Array): Pick<ZipEntry, "rawName" | "names"> {
  const names = nameReadings(rawName);
  const field = extraField(extra, unicodePathId);
  const path = field === null || field.length <= 5 ? null : utf8Text(field.subarray(5));
  if (path !== null && !names.includes(path)) names.push(path);
  return { rawName, names };
}

/** APPNOTE §4.5.3: each number that does not fit stands in the extra field, in this order. */
function withLargeNumbers(entry: ZipEntry, extra: Uint8Array): ZipEntry {
  const field = extraField(extra, zip64Id);
  if (field === null) return entry;
  let at = 0;
  const large = (value: number): number => {
    if (value !== unknown32 || at + 8 > field.length) return value;
    at += 8;
    return u64le(field, at - 8);
  };
  const bytes = large(entry.bytes);
  const packedBytes = large(entry.packedBytes);
  return { ...entry, bytes, packedBytes, offset: large(entry.offset) };
}

function extraField(extra: Uint8Array, id: number): Uint8Array | null {
  for (let at = 0; at + 4 <= extra.length; at += 4 + u16le(extra, at + 2)) {
    if (u16le(extra, at) === id) return extra.subarray(at + 4, at + 4 + u16le(extra, at + 2));
  }
  return null;
}
