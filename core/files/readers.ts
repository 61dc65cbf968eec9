import { readGzip } from "./archives/gzip.ts";
import { readTar } from "./archives/tar.ts";
import { readZip } from "./archives/zip.ts";
import type { Reader } from "./reader.ts";
import type { FileType } from "./types/file-types.ts";
import { zipTypes } from "./types/zip-kind.ts";

/** Every format that is looked into. */
const readers: readonly Reader[] = [
  { types: zipTypes, isArchive: true, readsToEnd: true, read: readZip },
  { types: ["application/gzip"], isArchive: true, readsToEnd: false, read: readGzip },
  { types: ["application/x-tar"], isArchive: true, readsToEnd: true, read: readTar },
];

const byType = new Map<FileType, Reader>();
for (const reader of readers) for (const type of reader.types) byType.set(type, reader);

/** What looks into files of a type; null: there is nothing to look into, or nothing that can. */
export function readerOf(type: FileType): Reader | null {
  return byType.get(type) ?? null;
}
