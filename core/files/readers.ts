import { readCabinet } from "./archives/cabinet.ts";
import { readBzip2, readXz } from "./archives/compressed.ts";
import { readGzip } from "./archives/gzip.ts";
import { readIso } from "./archives/iso.ts";
import { readRar } from "./archives/rar.ts";
import { readSevenZip } from "./archives/seven-zip.ts";
import { readTar } from "./archives/tar.ts";
import { readZip } from "./archives/zip.ts";
import { readOle } from "./office/ole.ts";
import { readOneNote } from "./office/one-note.ts";
import { readRichText } from "./office/rich-text.ts";
import { readTnef } from "./office/tnef.ts";
import { readPdf } from "./pdf/pdf.ts";
import type { Reader } from "./reader.ts";
import type { FileType } from "./types/file-types.ts";
import { readDrawing, readPage } from "./types/markup.ts";
import { oleTypes } from "./types/ole-kind.ts";
import { zipTypes } from "./types/zip-kind.ts";

/** Every format that is looked into. */
const readers: readonly Reader[] = [
  { types: zipTypes, readsToEnd: true, read: readZip },
  { types: ["application/gzip"], readsToEnd: false, read: readGzip },
  { types: ["application/x-7z-compressed"], readsToEnd: true, read: readSevenZip },
  { types: ["application/vnd.rar"], readsToEnd: true, read: readRar },
  { types: ["application/x-bzip2"], readsToEnd: false, read: readBzip2 },
  { types: ["application/x-xz"], readsToEnd: false, read: readXz },
  { types: ["application/x-tar"], readsToEnd: true, read: readTar },
  { types: ["application/vnd.ms-cab-compressed"], readsToEnd: false, read: readCabinet },
  { types: ["application/x-iso9660-image"], readsToEnd: true, read: readIso },
  { types: ["application/vnd.ms-tnef"], readsToEnd: false, read: readTnef },
  { types: ["application/onenote"], readsToEnd: false, read: readOneNote },
  { types: oleTypes, readsToEnd: false, read: readOle },
  { types: ["application/rtf"], readsToEnd: false, read: readRichText },
  { types: ["application/pdf"], readsToEnd: false, read: readPdf },
  { types: ["image/svg+xml"], readsToEnd: false, read: readDrawing },
  { types: ["text/html"], readsToEnd: false, read: readPage },
];

const byType = new Map<FileType, Reader>();
for (const reader of readers) for (const type of reader.types) byType.set(type, reader);

/** What looks into files of a type; null: there is nothing to look into, or nothing that can. */
export function readerOf(type: FileType): Reader | null {
  return byType.get(type) ?? null;
}
