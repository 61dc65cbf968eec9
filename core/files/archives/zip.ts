import { entriesMax } from "../inspection-limits.ts";
import type { Findings, Open } from "../reader.ts";
import type { FileType } from "../types/file-types.ts";
import { mimetypeMax, zipKind } from "../types/zip-kind.ts";
import { inflateRaw } from "../unpack/inflate.ts";
import { type Unpack, unpackStored } from "../unpack/unpacked.ts";
import { type PlacedEntry, readZipDirectory } from "./zip-directory.ts";
import { isEncrypted } from "./zip-entry.ts";

/** APPNOTE §4.4.5 */
const methods: ReadonlyMap<number, Unpack> = new Map([
  [0, unpackStored],
  [8, inflateRaw],
]);

/** Of the part that says what an office package is so many bytes are read. */
const contentTypesMax = 1_048_576;

/** Zip, and what is a zip inside. PKWARE APPNOTE 6.3.10 */
export function readZip(bytes: Uint8Array, findings: Findings, depth: number): FileType {
  const { entries, disagrees, damaged, encrypted } = readZipDirectory(bytes, entriesMax);
  if (disagrees) findings.mark("archive-disagreement");
  if (damaged) findings.mark("archive-damaged");
  if (encrypted) findings.mark("encrypted");
  for (const entry of entries) {
    const isFolder = entry.bytes === 0 && entry.names.every((name) => /[/\\]$/.test(name));
    const unpack = isFolder || isEncrypted(entry) ? null : opener(bytes, entry);
    findings.addEntry({ ...entry, encrypted: isEncrypted(entry), unpack }, depth);
  }
  return kindOf(bytes, entries, findings);
}

function opener(bytes: Uint8Array, { method, contentAt, packedBytes }: PlacedEntry): Open | null {
  const unpack = methods.get(method);
  if (unpack === undefined) return null;
  const packed = bytes.subarray(contentAt, contentAt + packedBytes);
  return (bytesMax) => unpack(packed, bytesMax);
}

function kindOf(bytes: Uint8Array, entries: readonly PlacedEntry[], findings: Findings): FileType {
  const text = (name: string, bytesMax: number): string | null => {
    const entry = entries.find(({ names }) => names.some((reading) => reading.toLowerCase() === name));
    const open = entry === undefined || isEncrypted(entry) ? null : opener(bytes, entry);
    return open === null ? null : new TextDecoder().decode(findings.unpack(open, bytesMax));
  };
  const names = entries.flatMap((entry) => entry.names);
  return zipKind(names, text("mimetype", mimetypeMax), text("[content_types].xml", contentTypesMax));
}
