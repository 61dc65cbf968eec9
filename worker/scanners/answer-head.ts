import { failed } from "./scan-words.ts";
import type { ScanFailure } from "./scanner.ts";

/** First line and fields of an answer together, in bytes. */
export const answerHeadBytesMax = 16 * 1024;

/** Field names are in lower case; a repeated field is joined by a comma, a folded one by line feeds. One character a byte. */
export type AnswerHead = { line: string; fields: ReadonlyMap<string, string> };
export type HeadAndRest = { head: AnswerHead; rest: Uint8Array };

const emptyLine = "\r\n\r\n";

/** Gathers the head of an answer in the manner of RFC 822 up to its empty line; used for one head. */
export class AnswerHeadReader {
  #text = "";

  /** Null: the head is not complete. `rest` is what follows it. */
  read(chunk: Uint8Array): HeadAndRest | ScanFailure | null {
    const before = this.#text.length;
    // No more than could be of the head is looked at.
    const taken = chunk.subarray(0, answerHeadBytesMax + emptyLine.length - before);
    this.#text += Buffer.from(taken.buffer, taken.byteOffset, taken.length).toString("latin1");
    const end = this.#text.indexOf(emptyLine, Math.max(0, before - emptyLine.length + 1));
    if (end !== -1 && end <= answerHeadBytesMax) {
      return { head: readHead(this.#text.slice(0, end)), rest: chunk.subarray(end + emptyLine.length - before) };
    }
    if (this.#text.length < answerHeadBytesMax + emptyLine.length) return null;
    return failed("protocol", `an answer whose head has more than ${answerHeadBytesMax} bytes`);
  }

  /** Whether anything came. */
  get isEmpty(): boolean {
    return this.#text === "";
  }
}

function readHead(text: string): AnswerHead {
  const [line = "", ...others] = text.split("\r\n");
  const fields = new Map<string, string>();
  let name: string | null = null;
  for (const other of others) {
    if (name !== null && /^[ \t]/.test(other)) {
      fields.set(name, `${fields.get(name) ?? ""}\n${other.trim()}`);
      continue;
    }
    const colon = other.indexOf(":");
    name = colon === -1 ? null : other.slice(0, colon).trim().toLowerCase();
    if (name === null) continue;
    const [value, before] = [other.slice(colon + 1).trim(), fields.get(name)];
    fields.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return { line, fields };
}

/** A count as a field says it; null: absent or none. */
export function countField({ fields }: AnswerHead, name: string): number | null {
  const said = fields.get(name);
  return said !== undefined && /^\d{1,10}$/.test(said) ? Number(said) : null;
}
