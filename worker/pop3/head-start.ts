import type { ClientLink } from "./client-link.ts";

/** RFC 2449 §4: of a first line, CRLF included. */
const statusLineBytesMax = 512;
const firstWords = "+OK The message is being looked into, please wait ";

/**
 * Keeps a client from giving up while the message that it asked for has no verdict yet: every `everyMs` it gets a bit of the answer's first
 * line. Nothing of the message is in it, so that whatever the verdict is, the answer can follow. `end` must be called; twice does no harm.
 */
export class HeadStart {
  readonly #client: Pick<ClientLink, "send">;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | null = null;
  #given = 0;

  constructor(client: Pick<ClientLink, "send">, everyMs: number) {
    this.#client = client;
    this.#everyMs = everyMs;
  }

  /** Whether the client has a bit of an answer that cannot be -ERR any more. */
  get begun(): boolean {
    return this.#given > 0;
  }

  /** The server has the message: there will be an answer. */
  begin(): void {
    this.#timer = setTimeout(() => this.#give(), this.#everyMs);
  }

  /** The first line is due, or what is missing of it. `text`: of a line that was not begun, without CRLF. */
  answer(text: string): void {
    this.end();
    this.#client.send(this.#given === 0 ? `${text}\r\n` : "\r\n");
  }

  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #give(): void {
    // The first bit is the word that makes it an answer.
    const bit = this.#given === 0 ? "+OK" : (firstWords[this.#given] ?? ".");
    if (this.#given + bit.length > statusLineBytesMax - 2) return;
    this.#given += bit.length;
    this.#client.send(bit);
    this.#timer?.refresh();
  }
}
