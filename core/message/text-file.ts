import { decodeEightBit, textOfBytes } from "./byte-text.ts";
import { isDeceptiveName } from "./deceptive-name.ts";
import { fileNameReadings } from "./file-name.ts";
import type { Part } from "./part.ts";
import type { PartHead } from "./part-head.ts";

const EQUALS = 61;
const LETTER_B = 98;
const LETTER_E = 101;
const OPENING = 40;

/** A file inside a text, from before MIME; mail readers still offer it. */
export type TextFile = { form: Exclude<Part["form"], "mime">; name: string };

const uuencodeBegin = /^begin(?:-base64)? +[0-7]{3,4} +(\S.*)$/;
const yencBegin = /^=ybegin (?:.* )?name=(\S.*)$/;
const binhexBegin = /^\(This file (?:must be converted with|is encoded in) BinHex/i;

/** Whether a line that begins with the byte may begin such a file. */
export function mayBeginTextFile(first: number | undefined): boolean {
  return first === LETTER_B || first === EQUALS || first === OPENING;
}

/** The file that the line begins, or null. A BinHex file has its name inside. */
export function beginTextFile(bytes: Uint8Array): TextFile | null {
  if (!mayBeginTextFile(bytes[0])) return null;
  const line = textOfBytes(bytes).trimEnd();
  if (bytes[0] === LETTER_B) return named("uuencode", uuencodeBegin.exec(line));
  if (bytes[0] === EQUALS) return named("yenc", yencBegin.exec(line));
  return binhexBegin.test(line) ? { form: "binhex", name: "" } : null;
}

function named(form: TextFile["form"], match: RegExpExecArray | null): TextFile | null {
  const name = match?.[1];
  return name === undefined ? null : { form, name };
}

/** Finds the last line of a file inside a text; takes its lines in order, after the one that began it. */
export class TextFileEnd {
  readonly #form: TextFile["form"];
  #begun = false;

  constructor(form: TextFile["form"]) {
    this.#form = form;
  }

  /** Whether the line is the file's last. */
  isLast(bytes: Uint8Array): boolean {
    if (this.#form === "uuencode" && bytes[0] !== LETTER_E && bytes[0] !== EQUALS) return false;
    if (this.#form === "yenc" && bytes[0] !== EQUALS) return false;
    const line = textOfBytes(bytes).trimEnd();
    if (this.#form === "uuencode") return line === "end" || line === "====";
    if (this.#form === "yenc") return line.startsWith("=yend ");
    // RFC 1741 appendix A: between two colons, over lines.
    const begins = !this.#begun && line.startsWith(":");
    const isLast = line.endsWith(":") && (this.#begun || (begins && line !== ":"));
    this.#begun ||= begins;
    return isLast;
  }
}

/** What it would say of itself in a header of its own. */
export function textFileHead({ form, name }: TextFile): Omit<PartHead, "boundaries" | "ambiguities"> {
  const fileNames = fileNameReadings([name]);
  return {
    contentTypes: [form === "binhex" ? "application/mac-binhex40" : "application/octet-stream"],
    fileNames,
    attachment: true,
    charsets: [],
    transferEncodings: [],
    traits: isDeceptiveName(decodeEightBit(name)) ? [form, "deceptive-name"] : [form],
  };
}
