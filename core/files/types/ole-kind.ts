import { latin1, u16le, u32le } from "../bytes-at.ts";
import type { FileType } from "./file-types.ts";

const entryBytes = 128;

/** What an OLE compound file holds, told by the first sector of its directory when that stands in the head. [MS-CFB] §2.6 */
export function oleKindOfHead(head: Uint8Array): FileType {
  const sectorBytes = u16le(head, 30) === 12 ? 4096 : 512;
  const start = (u32le(head, 48) + 1) * sectorBytes;
  const names: string[] = [];
  let classId = "";
  for (let at = start; at + entryBytes <= Math.min(head.length, start + sectorBytes); at += entryBytes) {
    const nameBytes = Math.min(u16le(head, at + 64), 64);
    names.push(latin1(head, at, at + Math.max(0, nameBytes - 2)).replaceAll("\0", ""));
    if (at === start) classId = hex(head.subarray(at + 80, at + 96));
  }
  return oleKind(names, classId);
}

/** What office programs write into the class identifier of the root, as it stands in the file. */
const classes: Readonly<Record<string, FileType>> = {
  "84100c0000000000c000000000000046": "application/x-msi",
  "86100c0000000000c000000000000046": "application/x-msi",
  "82100c0000000000c000000000000046": "application/x-msi",
  "0609020000000000c000000000000046": "application/msword",
  "0009020000000000c000000000000046": "application/msword",
  "1008020000000000c000000000000046": "application/vnd.ms-excel",
  "2008020000000000c000000000000046": "application/vnd.ms-excel",
  "108d81649b4fcf1186ea00aa00b929e8": "application/vnd.ms-powerpoint",
  "0112020000000000c000000000000046": "application/x-mspublisher",
  "141a020000000000c000000000000046": "application/vnd.visio",
  "131a020000000000c000000000000046": "application/vnd.visio",
  "111a020000000000c000000000000046": "application/vnd.visio",
};

const streams: readonly [name: RegExp, type: FileType][] = [
  [/^EncryptedPackage$/i, "application/x-office-encrypted"],
  [/^WordDocument$/i, "application/msword"],
  [/^(?:Workbook|Book)$/i, "application/vnd.ms-excel"],
  [/^PowerPoint Document$/i, "application/vnd.ms-powerpoint"],
  [/^VisioDocument$/i, "application/vnd.visio"],
  [/^Quill$/i, "application/x-mspublisher"],
  [/^(?:Props|\s{0,3}1[0-9]{2})$/, "application/vnd.ms-project"],
  [
    /^(?:__properties_version1\.0|__nameid_version1\.0|__recip_version1\.0_#[0-9A-F]{8})$/i,
    "application/vnd.ms-outlook",
  ],
];

/** What an OLE file is by the names of its streams and storages and by its root's class identifier, in hexadecimal. */
export function oleKind(names: readonly string[], classId: string): FileType {
  for (const [pattern, type] of streams) if (names.some((name) => pattern.test(name))) return type;
  return classes[classId] ?? "application/x-ole-storage";
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Every type that is a compound file by its format. */
export const oleTypes: readonly FileType[] = [
  "application/x-ole-storage",
  "application/x-msi",
  ...streams.map(([, type]) => type),
];
