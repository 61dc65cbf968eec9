import { type Ambiguity, ambiguity } from "./ambiguity.ts";
import { isUtf8 } from "./byte-text.ts";
import { isDeceptiveName } from "./deceptive-name.ts";
import { fileNameReadings, fileNameReadingsMax } from "./file-name.ts";
import { type HeaderField, joinedWithoutBlanks, unfolded } from "./header-reader.ts";
import { type ParameterReadings, readParameters } from "./parameters.ts";
import type { PartTrait } from "./part.ts";
import { structuralTraits } from "./part-traits.ts";
import { shownValues } from "./shown-values.ts";
import { readTransferEncoding } from "./transfer-encoding.ts";

/** A Content-Type, Content-Disposition or Content-Transfer-Encoding longer than this cannot be inspected. Bytes. */
export const contentFieldBytesMax = 65_536;

/** Parameters of one structural field, counted by their ";" and by their "=". */
export const parametersMax = 500;

/** What the header of a part says, every reading of it. */
export type PartHead = {
  contentTypes: readonly string[];
  /** Every name that a mail reader or a file system may make of the written ones. */
  fileNames: readonly string[];
  boundaries: readonly string[];
  /** Of the charset parameter, in lower case. */
  charsets: readonly string[];
  /** In lower case. */
  transferEncodings: readonly string[];
  /** Content-Disposition says attachment, or the part has a name. */
  attachment: boolean;
  traits: readonly PartTrait[];
  ambiguities: readonly Ambiguity[];
};

const structural = new Set(["content-type", "content-disposition", "content-transfer-encoding"]);

/** Whether the field says anything about the structure. */
export function isStructural(name: string): boolean {
  return structural.has(name.toLowerCase());
}

/** Reads the structural fields of one header block; null when a cap is passed. `defaultType`: RFC 2045 §5.2, RFC 2046 §5.1.5. */
export function readPartHead(fields: readonly HeaderField[], defaultType: string): PartHead | null {
  const reading = new HeadReading(defaultType);
  for (const { name, raw } of fields) {
    if (raw.length > contentFieldBytesMax || count(raw, ";") > parametersMax || count(raw, "=") > parametersMax)
      return null;
    reading.field(name.toLowerCase(), raw);
  }
  return reading.head();
}

class HeadReading {
  readonly #defaultType: string;
  readonly #contentTypes = new Set<string>();
  readonly #transferEncodings = new Set<string>();
  readonly #boundaries = new Set<string>();
  readonly #charsets = new Set<string>();
  readonly #smimeTypes = new Set<string>();
  /** Every reading of a name, and those that readers show which keep to the standards. */
  readonly #names = new Set<string>();
  readonly #shownNames = new Set<string>();
  readonly #values = new Map<string, string>();
  readonly #ambiguities = new Set<Ambiguity>();
  #namesAgreed = true;
  #typeWellFormed = true;
  #disposedAsAttachment = false;

  constructor(defaultType: string) {
    this.#defaultType = defaultType;
  }

  field(kind: string, raw: string): void {
    const value = unfolded(raw);
    if ((this.#values.get(kind) ?? value) !== value) this.#ambiguities.add(ambiguity.duplicateField);
    this.#values.set(kind, value);
    if (kind === "content-transfer-encoding") this.#transferEncoding(raw);
    else for (const joined of new Set([value, joinedWithoutBlanks(raw)])) this.#typeOrDisposition(kind, joined);
  }

  head(): PartHead | null {
    if (this.#contentTypes.size === 0) this.#contentTypes.add(this.#defaultType);
    const fileNames = fileNameReadings([...this.#shownNames, ...this.#names]);
    if (fileNames.length > fileNameReadingsMax) return null;
    return {
      contentTypes: [...this.#contentTypes],
      fileNames,
      boundaries: [...this.#boundaries],
      charsets: [...this.#charsets],
      transferEncodings: [...this.#transferEncodings],
      attachment: this.#disposedAsAttachment || fileNames.length > 0,
      traits: this.#traits(fileNames),
      ambiguities: this.#findAmbiguities(),
    };
  }

  #transferEncoding(raw: string): void {
    const { readings, agreed } = readTransferEncoding(raw.replaceAll("\n", ""));
    for (const reading of readings) this.#transferEncodings.add(reading);
    if (!agreed) this.#ambiguities.add(ambiguity.transferEncoding);
  }

  #typeOrDisposition(kind: string, value: string): void {
    const read = readParameters(value);
    for (const key of ["filename", "name"]) this.#name(read, key);
    if (kind === "content-disposition") {
      this.#disposedAsAttachment ||= read.head.toLowerCase() === "attachment";
      return;
    }
    const of = (key: string): Iterable<string> => read.parameters.get(key) ?? [];
    for (const type of mediaTypes(read.head, this.#defaultType)) this.#contentTypes.add(type);
    for (const reading of of("boundary")) this.#boundaries.add(reading.trim());
    for (const reading of of("charset")) this.#charsets.add(reading.trim().toLowerCase());
    for (const reading of of("smime-type")) this.#smimeTypes.add(reading.trim().toLowerCase());
    this.#typeWellFormed &&= read.wellFormed;
    if (read.plainHead && (read.head === "" || read.head.includes("/"))) return;
    // RFC 2045 §5.2: text, to readers that cannot read the type.
    if (!read.plainHead) this.#contentTypes.add("text/plain");
    this.#ambiguities.add(ambiguity.contentType);
  }

  #name({ parameters, strict, wellFormed }: ParameterReadings, key: string): void {
    const readings = parameters.get(key);
    if (readings === undefined) return;
    for (const reading of readings) this.#names.add(reading);
    const shown = shownValues(strict, key);
    for (const value of shown.values) this.#shownNames.add(value);
    // RFC 6532 §3.2 allows 8-bit text if it is UTF-8.
    const isText = strict.every(({ written }) => isUtf8(written));
    this.#namesAgreed &&= shown.agreed && wellFormed && isText;
  }

  #traits(fileNames: readonly string[]): PartTrait[] {
    const traits = structuralTraits({
      contentTypes: this.#contentTypes,
      fileNames,
      transferEncodings: this.#transferEncodings,
      smimeTypes: this.#smimeTypes,
    });
    const agreed = this.#namesAgreed && this.#shownNames.size <= 1;
    if (!agreed) traits.add("ambiguous-name");
    if ([...(agreed ? this.#shownNames : [...this.#shownNames, ...fileNames])].some(isDeceptiveName))
      traits.add("deceptive-name");
    return [...traits];
  }

  #findAmbiguities(): Ambiguity[] {
    const found = this.#ambiguities;
    const types = [...this.#contentTypes];
    if (types.length > 1) found.add(ambiguity.contentType);
    if (types.some((type) => type.startsWith("multipart/"))) {
      if (this.#boundaries.size === 0) found.add(ambiguity.noBoundary);
      else if (this.#boundaries.size > 1 || !this.#typeWellFormed) found.add(ambiguity.severalBoundaries);
    }
    return [...found];
  }
}

/** RFC 2045 §5.1, with the blanks and without; an empty one counts as the default. */
function mediaTypes(head: string, defaultType: string): string[] {
  const type = head.toLowerCase();
  if (type === "") return [defaultType];
  const first = type.split(/[\s"]/, 1)[0] ?? "";
  const squeezed = type.replace(/[\s"]+/g, "");
  return first.includes("/") && first !== squeezed ? [first, squeezed] : [squeezed];
}

function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) found++;
  return found;
}
