import { encodeBase64 } from "#core/message/rewrite/transfer-encoder.ts";
import type { QuarantineRow } from "./queries.ts";

const lineCharactersMax = 76;
const quote = "> ";

export type DefangedFacts = Pick<QuarantineRow, "id" | "kind" | "sha256" | "fileName" | "cause">;

/**
 * What was kept as a message of ours with one text: every line of the original behind "> ", quoted-printable (RFC 2045 §6.7), links
 * written hxxp. The file is printable ASCII: opened in a mail reader, an editor or a terminal it is text and nothing else. Undone by
 * decoding it and taking the quotes (and for a file the base64) away.
 */
export async function* defanged(facts: DefangedFacts, content: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  yield headOf(facts);
  const writer = new QuotedPrintable();
  const lines = facts.kind === "part" ? base64Lines(content) : content;
  for await (const text of withoutLinks(lines)) yield writer.write(text);
  yield writer.end();
}

function headOf({ id, kind, sha256, fileName, cause }: DefangedFacts): string {
  const name = (fileName ?? "").replace(/[^\w .@()+-]/g, "_").slice(0, 200);
  return [
    `X-Postern-Quarantine-Id: ${id}`,
    `X-Postern-Quarantine-Cause: ${cause}`,
    `X-Postern-Sha256: ${sha256}`,
    "X-Postern-Defanged: the original stands below as quoted text, links as hxxp",
    `Subject: [quarantine] ${kind === "part" ? `file ${name}` : id}`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "",
  ].join("\r\n");
}

const link = /(h)(tt)(ps?:)/gi;
/** A link may begin in one piece and go on in the next. */
const linkStart = /h(?:t(?:t(?:ps?)?)?)?$/i;

/** The bytes as Latin-1 text, one character an octet. */
async function* withoutLinks(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of pieces) {
    const text = rest + Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString("latin1");
    rest = linkStart.exec(text)?.[0] ?? "";
    yield defuse(text.slice(0, text.length - rest.length));
  }
  yield defuse(rest);
}

function defuse(text: string): string {
  return text.replace(link, (_all, h: string, _tt, end: string) => `${h}xx${end}`);
}

async function* base64Lines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0);
  for await (const piece of pieces) {
    const all = Buffer.concat([rest, piece]);
    const whole = all.length - (all.length % 57);
    rest = all.subarray(whole);
    yield Buffer.from(encodeBase64(all.subarray(0, whole)));
  }
  yield Buffer.from(encodeBase64(rest));
}

/** Lines with a quote before each. */
class QuotedPrintable {
  #column = 0;
  #lineBegins = true;
  /** A blank or a CR: what it becomes is known with the next character. */
  #held = "";

  write(text: string): string {
    let out = "";
    for (const character of text) {
      if (character === "\n") out += this.#endLine();
      else {
        out += this.#put(this.#held === " " ? " " : encoded(this.#held));
        this.#held = character === " " || character === "\r" ? character : "";
        if (this.#held === "") out += this.#put(encoded(character));
      }
    }
    return out;
  }

  end(): string {
    return `${this.#put(encoded(this.#held))}\r\n`;
  }

  #endLine(): string {
    // A blank at the end of a line would be lost.
    const last = this.#held === " " ? this.#put("=20") : "";
    const line = `${last}${this.#lineBegins ? ">=20" : ""}\r\n`;
    this.#lineBegins = true;
    this.#held = "";
    return line;
  }

  #put(word: string): string {
    if (word === "") return "";
    const begin = this.#lineBegins ? this.#beginLine() : "";
    if (this.#column + word.length < lineCharactersMax) {
      this.#column += word.length;
      return begin + word;
    }
    this.#column = word.length;
    return `${begin}=\r\n${word}`;
  }

  #beginLine(): string {
    this.#lineBegins = false;
    this.#column = quote.length;
    return quote;
  }
}

function encoded(character: string): string {
  if (character === "" || /[!-<>-~]/.test(character)) return character;
  return `=${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, "0")}`;
}
