import { withoutDisguise } from "./archives/entry-names.ts";
import { asBytes, indexOfBytes } from "./bytes-at.ts";
import type { FileEntry, FileTrait } from "./file-facts.ts";
import * as limits from "./inspection-limits.ts";
import type { Findings, FoundEntry, Open, Reader } from "./reader.ts";
import { readerOf } from "./readers.ts";
import { detectType, endOfZip, headBytesMax } from "./types/detect-type.ts";
import { type Family, type FileType, fileTypes } from "./types/file-types.ts";

/** A cap was passed; the message says which. */
export class TooComplexError extends Error {}

/** One file's inspection: what its readers tell is collected here, and counted against the caps. */
export class Inspection implements Findings {
  readonly traits = new Set<FileTrait>();
  readonly entries: FileEntry[] = [];
  readonly #fileBytes: number;
  #unpackedBytes = 0;
  #unpackedPieces = 0;
  #declaredBytes = 0;

  constructor(fileBytes: number) {
    this.#fileBytes = fileBytes;
  }

  mark(trait: FileTrait): void {
    this.traits.add(trait);
  }

  /** Looks at bytes that are at hand as a whole, `depth` archives deep; gives their type. Throws TooComplexError. */
  inspect(bytes: Uint8Array, depth: number): FileType {
    const detected = detectType(bytes, bytes).type;
    const reader = readerOf(detected);
    const type = (reader === null ? null : this.#read(reader, bytes, depth)) ?? detected;
    this.#markType(type);
    if (reader?.readsToEnd !== true && endOfZip(bytes) !== -1) this.#readAppended(bytes, type, depth);
    if (fileTypes[type] === "executable" && reader === null) this.#readCarried(bytes, depth);
    return type;
  }

  addEntry(found: FoundEntry, depth: number): FileType | null {
    this.#count(found);
    const { bytes, encrypted, content } = found;
    const names = withoutDisguise(found.names.map((name) => name.slice(0, limits.entryNameMax)));
    const entry: FileEntry = { names, bytes, encrypted, depth: depth + 1, detectedType: null };
    this.entries.push(entry);
    if (encrypted) this.mark("encrypted");
    else if (content instanceof Uint8Array) entry.detectedType = this.inspect(content, depth + 1);
    else if (content !== null) entry.detectedType = this.#lookInto(content, depth + 1);
    else if (bytes !== 0) this.mark("archive-unread");
    return entry.detectedType;
  }

  unpack(open: Open, bytesMax: number = limits.unpackedBytesMax): Uint8Array {
    this.#unpackedPieces++;
    if (this.#unpackedPieces > limits.unpackedPiecesMax) {
      this.stop(`more than ${limits.unpackedPiecesMax} pieces are to be unpacked`);
    }
    const left = limits.unpackedBytesMax - this.#unpackedBytes;
    const { bytes, end } = open(Math.min(left, bytesMax));
    this.#unpackedBytes += bytes.length;
    if (end === "cut" && left <= bytesMax) {
      this.stop(`more than ${limits.unpackedBytesMax} bytes are to be unpacked`);
    }
    if (end === "damaged") this.mark("archive-damaged");
    return bytes;
  }

  stop(problem: string): never {
    throw new TooComplexError(problem);
  }

  #lookInto(open: Open, depth: number): FileType {
    const head = this.unpack(open, headBytesMax);
    if (head.length < headBytesMax) return this.inspect(head, depth);
    const { type } = detectType(head);
    if (readerOf(type) !== null) return this.inspect(this.unpack(open), depth);
    this.#markType(type);
    return type;
  }

  #read(reader: Reader, bytes: Uint8Array, depth: number): FileType | null {
    if (depth >= limits.archiveDepthMax) this.stop(`files are nested more than ${limits.archiveDepthMax} deep`);
    return reader.read(bytes, this, depth);
  }

  /** What a program unpacks itself from, by the first place where such an archive begins. */
  #readCarried(bytes: Uint8Array, depth: number): void {
    for (const { begin, type } of carried) {
      const reader = readerOf(type);
      const at = indexOfBytes(bytes, begin);
      if (at === -1 || reader === null) continue;
      this.mark("archive");
      this.#read(reader, bytes.subarray(at), depth);
    }
  }

  /** A zip behind something else: what opens zips opens it, what shows the other does not see it. Programs unpack themselves so. */
  #readAppended(bytes: Uint8Array, type: FileType, depth: number): void {
    const reader = readerOf("application/zip");
    if (reader === null) return;
    this.mark("archive");
    if (fileTypes[type] !== "executable") this.mark("archive-disagreement");
    this.#read(reader, bytes, depth);
  }

  #markType(type: FileType): void {
    const family = fileTypes[type];
    const trait = traitOfFamily[family];
    if (trait !== undefined) this.mark(trait);
    if (unreadFamilies.has(family) && readerOf(type) === null) this.mark("archive-unread");
    if (sealedTypes.has(type)) this.mark("encrypted");
  }

  #count({ bytes, packedBytes, content }: FoundEntry): void {
    if (this.entries.length === limits.entriesMax) this.stop(`there are more than ${limits.entriesMax} entries`);
    // Entries may share one content: it is looked at as often as there are of them.
    this.#declaredBytes += Math.max(bytes ?? 0, content instanceof Uint8Array ? content.length : 0);
    if (this.#declaredBytes > limits.declaredBytesMax) {
      this.stop(`the entries are more than ${limits.declaredBytesMax} bytes`);
    }
    if (isBomb(this.#declaredBytes, this.#fileBytes) || (packedBytes !== null && isBomb(bytes ?? 0, packedBytes))) {
      this.stop(`content is more than ${limits.ratioMax} times as large as it is packed`);
    }
  }
}

function isBomb(unpacked: number, packed: number): boolean {
  return unpacked >= limits.ratioFromBytes && unpacked > packed * limits.ratioMax;
}

/** What a file is by its type alone. */
export const traitOfFamily: Partial<Record<Family, FileTrait>> = {
  executable: "executable",
  shortcut: "executable",
  script: "script",
  archive: "archive",
  "disk-image": "archive",
};

/** The archives of self-extracting programs beside zip, which is found by its end. */
const carried: readonly { begin: Uint8Array; type: FileType }[] = [
  { begin: asBytes("7z\xbc\xaf\x27\x1c\0"), type: "application/x-7z-compressed" },
  { begin: asBytes("Rar!\x1a\x07"), type: "application/vnd.rar" },
];

const unreadFamilies: ReadonlySet<Family> = new Set(["archive", "disk-image"]);

const sealedTypes: ReadonlySet<FileType> = new Set([
  "application/pkcs7-mime",
  "application/pgp-encrypted",
  "application/x-openssl-encrypted",
  "application/x-office-encrypted",
]);
