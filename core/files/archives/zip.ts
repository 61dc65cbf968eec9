import { entriesMax } from "../inspection-limits.ts";
import { inspectPackage, type PackagePart, xmlText } from "../office/office-package.ts";
import type { Findings, Open } from "../reader.ts";
import { type FileType, fileTypes } from "../types/file-types.ts";
import { mimetypeMax, zipKind } from "../types/zip-kind.ts";
import { unpackBzip2 } from "../unpack/bzip2.ts";
import { inflateRaw } from "../unpack/inflate.ts";
import { unpackZipLzma } from "../unpack/lzma.ts";
import type { Unpack, Unpacked } from "../unpack/unpacked.ts";
import { unpackXz } from "../unpack/xz.ts";
import { type PlacedEntry, readZipDirectory } from "./zip-directory.ts";
import { isEncrypted } from "./zip-entry.ts";

/** APPNOTE §4.4.5 */
const stored = 0;
const deflateMethod = 8;
const lzmaMethod = 14;
const methods: ReadonlyMap<number, Unpack> = new Map([
  [deflateMethod, inflateRaw],
  [12, unpackBzip2],
  [95, unpackXz],
]);

/** A part of a document whose text is read is no longer. Bytes. */
export const partTextMax = 33_554_432;

/** Zip, and what is a zip inside. PKWARE APPNOTE 6.3.10 */
export function readZip(bytes: Uint8Array, findings: Findings, depth: number): FileType {
  const { entries, disagrees, damaged, encrypted } = readZipDirectory(bytes, entriesMax);
  if (disagrees) findings.mark("archive-disagreement");
  if (damaged) findings.mark("archive-damaged");
  if (encrypted) findings.mark("encrypted");
  for (const entry of entries) {
    const isFolder = entry.bytes === 0 && entry.names.every((name) => /[/\\]$/.test(name));
    const content = isFolder || isEncrypted(entry) ? null : contentOf(bytes, entry, findings);
    findings.addEntry({ ...entry, encrypted: isEncrypted(entry), content }, depth);
  }
  const parts = entries.flatMap((entry) => partsOf(bytes, entry, findings));
  const kind = kindOf(parts);
  if (fileTypes[kind] === "document") inspectPackage(parts, findings);
  return kind;
}

function contentOf(bytes: Uint8Array, entry: PlacedEntry, findings: Findings): Uint8Array | Open | null {
  const { method, contentAt, packedBytes } = entry;
  const packed = bytes.subarray(contentAt, contentAt + packedBytes);
  if (method === stored) return packed;
  if (method === lzmaMethod) return (bytesMax) => unpackZipLzma(packed, entry.bytes, bytesMax);
  const unpack = methods.get(method);
  if (unpack === undefined) return null;
  return (bytesMax) => {
    const unpacked = unpack(packed, bytesMax);
    if (isOtherThanSaid(entry, unpacked)) findings.mark("archive-disagreement");
    return unpacked;
  };
}

/** Who reads from the first byte on finds the next entry where this one really ends, others where it is said to. */
function isOtherThanSaid(entry: PlacedEntry, { bytes, end, packedBytes }: Unpacked): boolean {
  return (
    end === "complete" &&
    (bytes.length !== entry.bytes || (entry.method === deflateMethod && packedBytes < entry.packedBytes))
  );
}

/** An entry once for each reading of its name. */
function partsOf(bytes: Uint8Array, entry: PlacedEntry, findings: Findings): PackagePart[] {
  const content = isEncrypted(entry) ? null : contentOf(bytes, entry, findings);
  const text = (): string | null => {
    if (content === null) return null;
    const part = content instanceof Uint8Array ? content : findings.unpack(content, partTextMax + 1);
    return part.length > partTextMax ? findings.stop(`a part is longer than ${partTextMax} bytes`) : xmlText(part);
  };
  return entry.names.map((name) => ({ name: name.replaceAll("\\", "/"), text }));
}

function kindOf(parts: readonly PackagePart[]): FileType {
  const text = (wanted: string): string | null => {
    const part = parts.find(({ name }) => name.toLowerCase() === wanted);
    return part === undefined ? null : part.text();
  };
  const names = parts.map(({ name }) => name);
  return zipKind(names, text("mimetype")?.slice(0, mimetypeMax) ?? null, text("[content_types].xml"));
}
