import { asBytes, indexOfBytes, latin1, u16le, u32le } from "../bytes-at.ts";
import { type FileType, fileTypes, isFileType } from "./file-types.ts";

const namesMax = 256;
const localHeader = asBytes("PK\x03\x04");

/** What a zip holds, told by the local headers that stand in its first bytes. */
export function zipKindOfHead(head: Uint8Array): FileType {
  const names: string[] = [];
  let mimetype: string | null = null;
  for (let at = indexOfBytes(head, localHeader); at !== -1; at = indexOfBytes(head, localHeader, at + 4)) {
    const nameEnd = at + 30 + u16le(head, at + 26);
    const name = latin1(head, at + 30, nameEnd);
    if (name === "mimetype" && u16le(head, at + 8) === 0) {
      const contentAt = nameEnd + u16le(head, at + 28);
      mimetype = latin1(head, contentAt, contentAt + Math.min(u32le(head, at + 18), mimetypeMax));
    }
    names.push(name);
    if (names.length === namesMax) break;
  }
  return zipKind(names, mimetype, null);
}

/** Of the `mimetype` entry so many bytes are read. */
export const mimetypeMax = 200;

const officeMainFolders: readonly [folder: string, type: FileType][] = [
  ["word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  ["xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  ["ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"],
  ["visio/", "application/vnd.ms-visio.drawing"],
];

/**
 * What a zip is by its entries' names, the text of its `mimetype` entry (ODF 1.3 part 2 §3.3, EPUB OCF §4.3) and of its
 * `[Content_Types].xml` (ECMA-376 part 2 §7.2.3); null where they could not be read.
 */
export function zipKind(names: readonly string[], mimetype: string | null, contentTypes: string | null): FileType {
  if (mimetype !== null) {
    const declared = mimetype.trim().toLowerCase();
    if (declared.startsWith("application/vnd.oasis.opendocument.")) {
      return isFileType(declared) ? declared : "application/x-opendocument";
    }
    if (declared === "application/epub+zip") return declared;
  }
  const present = new Set(names.map((name) => name.toLowerCase().replaceAll("\\", "/")));
  if (present.has("[content_types].xml")) return packageKind(present, contentTypes);
  if (present.has("androidmanifest.xml")) return "application/vnd.android.package-archive";
  if (present.has("meta-inf/manifest.mf")) return "application/java-archive";
  return "application/zip";
}

function packageKind(present: ReadonlySet<string>, contentTypes: string | null): FileType {
  const main = contentTypes === null ? null : mainPartType(contentTypes);
  if (main !== null) return main;
  if (present.has("appxmanifest.xml") || present.has("appxmetadata/appxbundlemanifest.xml"))
    return "application/x-ms-appx";
  for (const [folder, type] of officeMainFolders) {
    for (const name of present) if (name.startsWith(folder)) return type;
  }
  for (const name of present) if (name.endsWith(".fdseq")) return "application/vnd.ms-xpsdocument";
  return "application/x-ooxml";
}

/** Office says what a document is by the content type of its main part: the type of the document and a word that says so. */
function mainPartType(contentTypes: string): FileType | null {
  for (const [, declared] of contentTypes.matchAll(/ContentType\s{0,10}=\s{0,10}["']([^"'<>]{1,200})["']/gi)) {
    const type = (declared ?? "")
      .trim()
      .toLowerCase()
      .replace(/\.main(?:\+xml)?$/, "");
    if (type !== declared?.trim().toLowerCase() && isFileType(type)) return type;
  }
  return null;
}

/** Every type that is a zip by its format. */
export const zipTypes: readonly FileType[] = (Object.keys(fileTypes) as FileType[]).filter(
  (type) =>
    /^application\/(?:zip|epub\+zip|java-archive|vnd\.(?:openxmlformats|oasis|android\.package|ms-xps|ms-visio))/.test(
      type,
    ) ||
    /^application\/(?:x-ooxml|x-opendocument|x-ms-appx)$/.test(type) ||
    type.endsWith(".macroenabled.12"),
);
