import { asBytes, indexOfBytes, standsAt, u16le, u32le, u64le } from "../bytes-at.ts";
import { endOfZip } from "../types/detect-type.ts";
import {
  centralSignature,
  localSignature,
  readCentralEntry,
  readLocalEntry,
  sizesFollowFlag,
  type ZipEntry,
} from "./zip-entry.ts";

/** An entry with the place of its content. */
export type PlacedEntry = ZipEntry & { contentAt: number };

/** All that a zip says that it holds. */
export type ZipDirectory = {
  entries: PlacedEntry[];
  /** The central directory and the local headers differ, or one of them has more. */
  disagrees: boolean;
  /** There is no central directory, or it ends early, or content lies outside of the file. */
  damaged: boolean;
  /** The directory itself cannot be read without a key. */
  encrypted: boolean;
};

const locatorSignature = asBytes("PK\x06\x07");
const zip64Signature = asBytes("PK\x06\x06");
const zip64EncryptedBytes = 76;
const decryptionSignature = asBytes("PK\x06\x08");

/** Reads both directories; `entriesMax` and one more at the most. */
export function readZipDirectory(bytes: Uint8Array, entriesMax: number): ZipDirectory {
  const directory: ZipDirectory = { entries: [], disagrees: false, damaged: false, encrypted: false };
  const end = endOfZip(bytes);
  if (end === -1) directory.damaged = true;
  else readCentral(bytes, end, directory, entriesMax);
  addUnlisted(bytes, directory, end === -1 ? bytes.length : end, entriesMax);
  return directory;
}

function readCentral(bytes: Uint8Array, end: number, directory: ZipDirectory, entriesMax: number): void {
  const { count, size, offset, recordAt, encrypted } = centralPlace(bytes, end);
  const start = recordAt - size;
  // What stands before the zip moves everything by the same (APPNOTE §4.1.9: self-extracting archives).
  const shift = start - offset;
  if (start < 0 || shift < 0) directory.damaged = true;
  let at = start;
  while (directory.entries.length <= entriesMax) {
    const entry = readCentralEntry(bytes, at);
    if (entry === null) break;
    directory.entries.push(placed(bytes, { ...entry, offset: entry.offset + Math.max(0, shift) }, directory));
    at = entry.end;
  }
  const read = directory.entries.length;
  if (read <= entriesMax && read !== count) directory[read === 0 && encrypted ? "encrypted" : "damaged"] = true;
}

type CentralPlace = { count: number; size: number; offset: number; recordAt: number; encrypted: boolean };

function centralPlace(bytes: Uint8Array, end: number): CentralPlace {
  const place = {
    count: u16le(bytes, end + 10),
    size: u32le(bytes, end + 12),
    offset: u32le(bytes, end + 16),
    recordAt: end,
    encrypted: indexOfBytes(bytes, decryptionSignature) !== -1,
  };
  if (!standsAt(bytes, end - 20, locatorSignature)) return place;
  // APPNOTE §4.3.14: the record stands before its locator, whatever that says when something stands before the zip.
  const at = zip64RecordAt(bytes, end - 20);
  if (at === -1) return place;
  return {
    count: u64le(bytes, at + 32),
    size: u64le(bytes, at + 40),
    offset: u64le(bytes, at + 48),
    recordAt: at,
    encrypted: place.encrypted || u64le(bytes, at + 4) >= zip64EncryptedBytes - 12,
  };
}

function zip64RecordAt(bytes: Uint8Array, locatorAt: number): number {
  const written = u64le(bytes, locatorAt + 8);
  if (standsAt(bytes, written, zip64Signature)) return written;
  const usual = locatorAt - 56;
  return standsAt(bytes, usual, zip64Signature) ? usual : -1;
}

/** Finds an entry's content behind its local header, and whether that says the same. */
function placed(bytes: Uint8Array, entry: ZipEntry, directory: ZipDirectory): PlacedEntry {
  const local = readLocalEntry(bytes, entry.offset);
  if (local === null) {
    directory.damaged = true;
    return { ...entry, contentAt: bytes.length };
  }
  const sizesFollow = (local.flags & sizesFollowFlag) !== 0 && local.packedBytes === 0;
  const sizesDiffer = local.packedBytes !== entry.packedBytes || local.bytes !== entry.bytes;
  const isSame =
    sameBytes(local.rawName, entry.rawName) &&
    local.method === entry.method &&
    (local.flags & 1) === (entry.flags & 1) &&
    (sizesFollow || !sizesDiffer);
  const names = new Set([...entry.names, ...local.names]);
  if (!isSame || names.size > entry.names.length) directory.disagrees = true;
  if (local.end + entry.packedBytes > bytes.length) directory.damaged = true;
  return { ...entry, names: [...names], contentAt: local.end };
}

/** Local headers that no central one names: what is read from the first byte on is not what is read from the end. */
function addUnlisted(bytes: Uint8Array, directory: ZipDirectory, end: number, entriesMax: number): void {
  const listed = [...directory.entries].sort((a, b) => a.offset - b.offset);
  let at = 0;
  for (const { offset, contentAt, packedBytes } of [...listed, { offset: end, contentAt: end, packedBytes: 0 }]) {
    at = addBetween(bytes, directory, at, Math.min(offset, end), entriesMax);
    at = Math.max(at, contentAt + packedBytes);
  }
}

function addBetween(bytes: Uint8Array, directory: ZipDirectory, from: number, to: number, entriesMax: number): number {
  let at = indexOfBytes(bytes, localSignature, from, to);
  while (at !== -1 && directory.entries.length <= entriesMax) {
    const local = readLocalEntry(bytes, at);
    if (local !== null && isPlausible(local)) {
      const known = local.packedBytes > 0 || (local.flags & sizesFollowFlag) === 0;
      const packedBytes = known ? local.packedBytes : distanceToNext(bytes, local.end, to);
      directory.entries.push({ ...local, packedBytes, contentAt: local.end });
      directory.disagrees = true;
      at = local.end + packedBytes;
    } else at += localSignature.length;
    if (at >= to) return at;
    at = indexOfBytes(bytes, localSignature, at, to);
  }
  return from;
}

/** The four letters stand in other files' bytes too. */
function isPlausible({ method, rawName }: ZipEntry): boolean {
  return rawName.length > 0 && (method <= 20 || method >= 93) && method <= 99;
}

function distanceToNext(bytes: Uint8Array, from: number, to: number): number {
  const next = [localSignature, centralSignature]
    .map((signature) => indexOfBytes(bytes, signature, from, to))
    .filter((at) => at !== -1);
  return Math.min(to, ...next) - from;
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && standsAt(one, 0, other);
}
