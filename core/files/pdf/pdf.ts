import { asBytes, indexOfBytes, latin1, u8 } from "../bytes-at.ts";
import type { FileTrait } from "../file-facts.ts";
import { addEmbedded } from "../office/embedded.ts";
import type { Findings } from "../reader.ts";
import { inflateZlib } from "../unpack/inflate.ts";

/** Of a stream's dictionary so much before the word `stream` is read. Bytes. */
const dictionaryMax = 4_096;
/** Names of attached files that are kept. */
const fileNamesMax = 64;

/** What names of a PDF tell. ISO 32000-2 §12.6.4.17, §12.6.4.6, §7.7.2, §12.6.3, §7.11.4, §7.6 */
const tellingNames: ReadonlyMap<string, FileTrait> = new Map([
  ["JavaScript", "pdf-javascript"],
  ["JS", "pdf-javascript"],
  ["Launch", "pdf-launch"],
  ["OpenAction", "pdf-open-action"],
  ["AA", "pdf-open-action"],
  ["EmbeddedFile", "pdf-embedded-file"],
  ["EmbeddedFiles", "pdf-embedded-file"],
  ["Encrypt", "encrypted"],
]);

const streamWord = asBytes("stream");
const endWord = asBytes("endstream");

/** An object begins: what stands behind `stream` is then not only that stream's content. */
const objectBegin = /\d\s{1,10}\d{1,10}\s{1,10}obj\b/;

/**
 * Looks for what a PDF does beside being read: by the names in its objects, escaped or not, also of those in object streams. Where its
 * objects stand does not matter: readers rebuild broken tables, older revisions can be shown, and a table may point into a stream.
 */
export function readPdf(bytes: Uint8Array, findings: Findings, depth: number): null {
  const reading = new PdfReading(bytes, findings);
  reading.read();
  for (const file of reading.files) addEmbedded([...reading.fileNames], file, findings, depth);
  return null;
}

class PdfReading {
  readonly fileNames = new Set<string>();
  readonly files: Uint8Array[] = [];
  readonly #bytes: Uint8Array;
  readonly #findings: Findings;
  /** The first end of a stream behind the last place that one was looked for from. */
  #endAt = -1;

  constructor(bytes: Uint8Array, findings: Findings) {
    this.#bytes = bytes;
    this.#findings = findings;
  }

  /** Cuts at each word `stream`, also where it ends `endstream`, so that every byte is looked at once. */
  read(): void {
    let from = 0;
    let isContent = false;
    while (from < this.#bytes.length) {
      const found = indexOfBytes(this.#bytes, streamWord, from);
      const text = latin1(this.#bytes, from, found === -1 ? this.#bytes.length : found);
      if (!isContent || objectBegin.test(text)) this.#readObjects(text);
      if (found === -1) return;
      from = found + streamWord.length;
      isContent = !text.endsWith("end");
      if (isContent) this.#readStream(text.slice(-dictionaryMax), contentBegin(this.#bytes, from));
    }
  }

  #readStream(before: string, begin: number): void {
    const names = new Set(namesIn(before.slice(Math.max(0, before.lastIndexOf("endobj"), before.lastIndexOf(" obj")))));
    if (!names.has("ObjStm") && !names.has("EmbeddedFile")) return;
    const plain = decode(names, this.#bytes.subarray(begin, this.#streamEnd(begin)), this.#findings);
    if (plain === null) this.#findings.mark("archive-unread");
    else if (names.has("ObjStm")) this.#readObjects(latin1(plain, 0, plain.length));
    else this.files.push(plain);
  }

  #streamEnd(begin: number): number {
    if (this.#endAt < begin) {
      const found = indexOfBytes(this.#bytes, endWord, begin);
      this.#endAt = found === -1 ? this.#bytes.length : found;
    }
    return this.#endAt;
  }

  #readObjects(text: string): void {
    for (const name of namesIn(text)) {
      const trait = tellingNames.get(name);
      if (trait !== undefined) this.#findings.mark(trait);
    }
    for (const [, literal, digits = ""] of text.matchAll(fileSpecification)) {
      if (this.fileNames.size === fileNamesMax) return;
      this.fileNames.add(fileName(literal === undefined ? fromHex(digits) : unescaped(literal)));
    }
  }
}

/** §7.11.3, F and UF: a string in brackets or in hexadecimal. */
const fileSpecification = /\/U?F\s{0,20}(?:\(([^()\r\n]{1,1000})\)|<([0-9A-Fa-f\s]{2,4000})>)/g;

/** §7.3.8.1: CR LF or LF; some write CR alone. */
function contentBegin(bytes: Uint8Array, at: number): number {
  if (u8(bytes, at) === 13) return u8(bytes, at + 1) === 10 ? at + 2 : at + 1;
  return u8(bytes, at) === 10 ? at + 1 : at;
}

/** §7.4: of the filters only Flate is undone; with another the content is not known. */
function decode(names: ReadonlySet<string>, content: Uint8Array, findings: Findings): Uint8Array | null {
  const others = [
    "ASCIIHexDecode",
    "ASCII85Decode",
    "LZWDecode",
    "RunLengthDecode",
    "Crypt",
    "AHx",
    "A85",
    "LZW",
    "RL",
  ];
  if (others.some((name) => names.has(name))) return null;
  if (!names.has("FlateDecode") && !names.has("Fl")) return content;
  return findings.unpack((bytesMax) => {
    const unpacked = inflateZlib(content, bytesMax);
    // Readers take what they get of a stream that ends early.
    return unpacked.end === "damaged" && unpacked.bytes.length > 0 ? { ...unpacked, end: "complete" } : unpacked;
  });
}

/** Names with their escapes undone: #xx for any character. §7.3.5 */
function namesIn(text: string): string[] {
  const names: string[] = [];
  for (const [, name = ""] of text.matchAll(/\/([^\s/<>[\](){}%]{1,127})/g)) {
    names.push(
      name.replace(/#([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    );
  }
  return names;
}

function unescaped(literal: string): string {
  return literal
    .replace(/\\([0-7]{1,3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8) & 255))
    .replace(/\\(.)/g, "$1");
}

function fromHex(digits: string): string {
  return digits.replace(/\s/g, "").replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)));
}

/** §7.9.2.2: UTF-16 with its mark, or one character a byte. */
function fileName(text: string): string {
  const bytes = asBytes(text);
  return text.startsWith("\xfe\xff") ? new TextDecoder("utf-16be").decode(bytes) : text;
}
