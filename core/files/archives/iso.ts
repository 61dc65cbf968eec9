import { asBytes, standsAt, u8, u16be, u32le } from "../bytes-at.ts";
import type { Findings } from "../reader.ts";
import { nameReadings } from "./entry-names.ts";

const sectorBytes = 2048;
const firstDescriptor = 16;
const descriptorsMax = 64;
const descriptor = { primary: 1, supplementary: 2, end: 255 } as const;
const standard = asBytes("CD001");
const folderFlag = 2;
const severalExtents = 0x80;

/** A folder that waits to be read: where its records stand, its path, whether names are in 16 bits. */
type Folder = { at: number; bytes: number; path: string; isWide: boolean };

/** ISO 9660 (ECMA-119) with Joliet: every folder of every descriptor once. Only UDF, which newer images have beside it, is not read. */
export function readIso(bytes: Uint8Array, findings: Findings, depth: number): null {
  const folders = rootFolders(bytes);
  if (folders.length === 0) findings.mark("archive-unread");
  const seen = new Set<number>();
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    if (seen.has(next.at)) continue;
    seen.add(next.at);
    if (next.at + next.bytes > bytes.length) findings.mark("archive-damaged");
    readFolder(bytes, next, folders, findings, depth);
  }
  return null;
}

/** ECMA-119 §8.4, §8.5: the root's record stands in each volume descriptor. */
function rootFolders(bytes: Uint8Array): Folder[] {
  const folders: Folder[] = [];
  for (let sector = firstDescriptor; sector < firstDescriptor + descriptorsMax; sector++) {
    const at = sector * sectorBytes;
    const kind = u8(bytes, at);
    if (!standsAt(bytes, at + 1, standard) || kind === descriptor.end) break;
    if (kind !== descriptor.primary && kind !== descriptor.supplementary) continue;
    // Joliet: an escape sequence says that names are in UCS-2.
    const isWide = kind === descriptor.supplementary && u16be(bytes, at + 88) === 0x252f;
    folders.push({ ...extentOf(bytes, at + 156), path: "", isWide });
  }
  return folders;
}

function extentOf(bytes: Uint8Array, record: number): { at: number; bytes: number } {
  return { at: u32le(bytes, record + 2) * sectorBytes, bytes: u32le(bytes, record + 10) };
}

/** §9.1: records follow each other, none across the border of a sector. */
function readFolder(bytes: Uint8Array, folder: Folder, waiting: Folder[], findings: Findings, depth: number): void {
  const end = Math.min(folder.at + folder.bytes, bytes.length);
  for (let at = folder.at; at < end; ) {
    const recordBytes = u8(bytes, at);
    if (recordBytes < 34) {
      at = (Math.floor(at / sectorBytes) + 1) * sectorBytes;
      continue;
    }
    const rawName = bytes.subarray(at + 33, at + 33 + u8(bytes, at + 32));
    // One byte of zero or one: the folder itself and the one above.
    if (rawName.length > 1 || u8(rawName, 0) > 1) addRecord(bytes, at, rawName, folder, waiting, findings, depth);
    at += recordBytes;
  }
}

function addRecord(
  bytes: Uint8Array,
  at: number,
  rawName: Uint8Array,
  { path, isWide }: Folder,
  waiting: Folder[],
  findings: Findings,
  depth: number,
): void {
  const extent = extentOf(bytes, at);
  const flags = u8(bytes, at + 25);
  const readings = isWide ? [wideText(rawName)] : nameReadings(rawName);
  // §7.5.1: a version may follow.
  const names = readings.map((name) => `${path}${name.replace(/;\d{1,5}$/, "").replace(/\.$/, "")}`);
  const isFolder = (flags & folderFlag) !== 0;
  const content = bytes.subarray(extent.at, extent.at + extent.bytes);
  if (!isFolder && content.length < extent.bytes) findings.mark("archive-damaged");
  const isReadable = !isFolder && (flags & severalExtents) === 0;
  const size = isFolder ? 0 : extent.bytes;
  findings.addEntry(
    { names, bytes: size, packedBytes: null, encrypted: false, content: isReadable ? content : null },
    depth,
  );
  if (isFolder) waiting.push({ ...extent, path: `${names[0] ?? ""}/`.slice(-pathMax), isWide });
}
/** Of a folder's path so many characters are kept. */
const pathMax = 512;

function wideText(raw: Uint8Array): string {
  let text = "";
  for (let at = 0; at + 1 < raw.length; at += 2) text += String.fromCharCode(u16be(raw, at));
  return text;
}
