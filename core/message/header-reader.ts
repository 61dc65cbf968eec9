import { type Ambiguity, ambiguity } from "./ambiguity.ts";
import { textOfBytes } from "./byte-text.ts";

const CR = 13;

/** One header field. `name` as written; `raw` the value with one character a byte, each fold kept as "\n" before its blanks. */
export type HeaderField = { name: string; raw: string };

/** Offsets in what is read: from the first byte of the name to after the last line break. */
export type PlacedField = HeaderField & { readonly start: number; readonly end: number };

/**
 * What a line was: part of a field, or passed over by everyone; the empty line that ends the header; something that belongs to no field; or of so many readings
 * that the header may have ended and a delimiter followed.
 */
export type HeaderLine = "field" | "end" | "stray" | "unreadable";

/** Reads the lines of one header block (RFC 5322 §2.2) and gives its fields in order. Lines come without LF, the CR may be there. */
export class HeaderReader {
  readonly #onField: (field: PlacedField) => void;
  readonly #onAmbiguous: (reason: Ambiguity) => void;
  #name = "";
  #lines: string[] = [];
  #start = 0;
  #end = 0;
  #isFirst = true;

  constructor(onField: (field: PlacedField) => void, onAmbiguous: (reason: Ambiguity) => void) {
    this.#onField = onField;
    this.#onAmbiguous = onAmbiguous;
  }

  /** `start` and `end`: offsets of the line with its break. */
  line(bytes: Uint8Array, start: number, end: number): HeaderLine {
    const line = bytes.subarray(0, lengthWithoutCr(bytes));
    const isPlain = bytes.length - line.length <= 1 && !line.includes(CR) && !line.includes(0);
    if (!isPlain) this.#onAmbiguous(ambiguity.controlInHeader);
    if (line.length === 0) {
      this.flush();
      return "end";
    }
    const text = textOfBytes(line);
    const what = isPlain ? this.#line(text, start, end) : this.#everyReading(text, start, end);
    this.#isFirst = false;
    return what;
  }

  /** Gives out the last field; called when the block ends in another way than by an empty line. */
  flush(): void {
    if (this.#lines.length === 0) return;
    const field = { name: this.#name, raw: this.#lines.join("\n"), start: this.#start, end: this.#end };
    this.#lines = [];
    this.#onField(field);
  }

  /** A CR ends the line or is passed over, a NUL ends the text or is passed over: each reading as a line of its own. */
  #everyReading(text: string, start: number, end: number): HeaderLine {
    const pieces = text.split("\r");
    if (pieces.some((piece) => piece.startsWith("--"))) return "unreadable";
    const readings = new Set([text.replaceAll("\0", "").replaceAll("\r", " ")]);
    for (const piece of pieces) {
      readings.add(piece.replaceAll("\0", ""));
      readings.add(piece.split("\0", 1)[0] ?? "");
    }
    let what: HeaderLine = "stray";
    for (const reading of readings) {
      if (reading !== "" && this.#line(reading, start, end) === "field") what = "field";
    }
    return what;
  }

  #line(text: string, start: number, end: number): HeaderLine {
    if (text.startsWith(" ") || text.startsWith("\t")) return this.#continuation(text, end);
    this.flush();
    const [, name, blanks, value] = field.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      // The line that mailbox files put before a message.
      if (this.#isFirst && /^>?From /.test(text)) return "field";
      this.#onAmbiguous(ambiguity.strayHeaderLine);
      return "stray";
    }
    if (blanks !== "") this.#onAmbiguous(ambiguity.blankBeforeColon);
    this.#name = name;
    this.#start = start;
    this.#end = end;
    this.#lines.push(value);
    return "field";
  }

  #continuation(text: string, end: number): HeaderLine {
    if (text.trim() === "") this.#onAmbiguous(ambiguity.blankHeaderLine);
    else if (this.#lines.length === 0) this.#onAmbiguous(ambiguity.strayHeaderLine);
    if (this.#lines.length === 0) return "field";
    this.#lines.push(text);
    this.#end = end;
    return "field";
  }
}

/** RFC 5322 §2.2: name, blanks, value. */
const field = /^([\x21-\x39\x3b-\x7e]+)(\s*):(.*)$/s;

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
