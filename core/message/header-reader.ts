import { textOfBytes } from "./byte-text.ts";

const CR = 13;
const SPACE = 32;
const COLON = 58;
const TAB = 9;

/** One header field. `name` as written; `raw` the value with one character a byte, each fold kept as "\n" before its blanks. */
export type HeaderField = { name: string; raw: string };

/** Offsets in what is read: from the first byte of the name to after the last line break. */
export type PlacedField = HeaderField & { readonly start: number; readonly end: number };

/** What a line was: part of a field, the empty line that ends the header, or something that belongs to no field. */
export type HeaderLine = "field" | "end" | "stray";

/** A CR or NUL inside a header line: mail readers disagree on what it does there. */
export class AmbiguousHeaderError extends Error {}

/** Reads the lines of one header block (RFC 5322 §2.2) and gives its fields in order. Lines come without LF, the CR may be there. */
export class HeaderReader {
  readonly #onField: (field: PlacedField) => void;
  #name = "";
  #lines: string[] = [];
  #start = 0;
  #end = 0;

  constructor(onField: (field: PlacedField) => void) {
    this.#onField = onField;
  }

  /** `start` and `end`: offsets of the line with its break. */
  line(bytes: Uint8Array, start: number, end: number): HeaderLine {
    const line = bytes.subarray(0, lengthWithoutCr(bytes));
    if (line.length === 0) {
      this.flush();
      return "end";
    }
    if (line.includes(CR) || line.includes(0)) throw new AmbiguousHeaderError("a CR or NUL stands in a header line");
    if (line[0] === SPACE || line[0] === TAB) {
      if (this.#lines.length === 0) return "field";
      this.#lines.push(textOfBytes(line));
      this.#end = end;
      return "field";
    }
    this.flush();
    const colon = line.indexOf(COLON);
    const name = colon === -1 ? "" : textOfBytes(line.subarray(0, colon)).trimEnd();
    if (name === "" || /[^\x21-\x7e]/.test(name)) return "stray";
    this.#name = name;
    this.#start = start;
    this.#end = end;
    this.#lines.push(textOfBytes(line.subarray(colon + 1)));
    return "field";
  }

  /** Gives out the last field; called when the block ends in another way than by an empty line. */
  flush(): void {
    if (this.#lines.length === 0) return;
    const field = { name: this.#name, raw: this.#lines.join("\n"), start: this.#start, end: this.#end };
    this.#lines = [];
    this.#onField(field);
  }
}

function lengthWithoutCr(line: Uint8Array): number {
  let end = line.length;
  while (end > 0 && line[end - 1] === CR) end--;
  return end;
}

/** RFC 5322 §2.2.3: the line ends go, the blanks stay. */
export function unfolded(raw: string): string {
  return raw.replaceAll("\n", "").trim();
}

/** As some mail readers join a folded file name: without the blanks. */
export function joinedWithoutBlanks(raw: string): string {
  return raw.replace(/\n[ \t]+/g, "").trim();
}
