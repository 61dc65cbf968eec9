import type { BodyDecoder } from "#core/bytes/body-decoder.ts";
import { LineReader } from "#core/bytes/line-reader.ts";
import { authLineBytesMax, isBase64 } from "#core/sasl/sasl-user.ts";
import { type Command, type CommandLine, readCommand } from "./command.ts";
import type { Reply } from "./reply.ts";
import { replies } from "./reply-codes.ts";
import { type ServerState, serverTransitions, type Verb } from "./states.ts";

/** How STARTTLS stands: not spoken here, offered, asked for before anything else, or TLS is spoken already. */
export type StartTlsState = "none" | "offered" | "required" | "active";

/** RFC 3207 §4: what is taken before a required STARTTLS. */
const beforeTls: readonly (Verb | null)[] = ["EHLO", "HELO", "NOOP", "QUIT", "STARTTLS"];

/** Our answer is clear already, and the state as before. `close`: the session ends with it, and why. `chunk`: it was BDAT, and the transaction is over. */
export type RefusedInput = { kind: "refused"; reply: Reply; close: string | null; chunk: boolean };

/** What the client sent next. chunk: all bytes of a BDAT were read. login: a message of an AUTH exchange, base64. login-ended: it gave up, or `reply` says why it must. */
export type ServerInput =
  | { kind: "command"; command: Command }
  | RefusedInput
  | { kind: "chunk"; bytes: number; last: boolean }
  | { kind: "login"; message: string }
  | { kind: "login-ended"; reply: Reply };

/** The bytes of a BDAT that are still to come. `decoder` null: they are dropped, and nothing is told. */
type Chunk = { bytes: number; left: number; last: boolean; decoder: BodyDecoder | null };

/**
 * The server's side of an SMTP session, without I/O: takes bytes, gives commands that are legal now, and hands the bytes
 * of a message to a decoder. The owner answers every input, and calls `succeed` for a command that it took.
 */
export class ServerMachine {
  /** Whether EHLO offers STARTTLS. */
  readonly offersTls: boolean;
  /** Whether AUTH was offered: its line may be longer than others, as tokens are. */
  offersLogin = false;
  readonly #startTls: StartTlsState;
  readonly #off: readonly Verb[];
  readonly #commandBytesMax: number;
  readonly #lines: LineReader;
  #state: ServerState = "connected";
  #body: BodyDecoder | null = null;
  #chunk: Chunk | null = null;
  #loggedIn = false;

  /** `commandBytesMax`: one command line, CRLF included. `off`: commands that are answered with 502. */
  constructor(commandBytesMax: number, startTls: StartTlsState = "none", off: readonly Verb[] = []) {
    this.#startTls = startTls;
    this.#off = startTls === "none" ? [...off, "STARTTLS"] : off;
    this.offersTls = startTls === "offered" || startTls === "required";
    this.#commandBytesMax = commandBytesMax;
    this.#lines = new LineReader(commandBytesMax);
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Bytes received and not yet read as commands. */
  get unreadBytes(): number {
    return this.#lines.unreadBytes;
  }

  /** Takes received bytes: to the message while its body is being read, and what follows the end mark to the commands. */
  receive(chunk: Uint8Array): void {
    const consumed = this.#body === null ? 0 : this.#readBody(this.#body, chunk);
    if (consumed < chunk.length) this.#lines.push(consumed === 0 ? chunk : chunk.subarray(consumed));
  }

  /** The next input, or null when more bytes are needed or the body of DATA is being read. */
  next(): ServerInput | null {
    if (this.#state === "body" || this.#state === "closed") return null;
    if (this.#chunk !== null) {
      const read = this.#readChunk(this.#chunk);
      if (read !== "dropped") return read;
    }
    if (this.#state === "authenticating") return this.#readLogin();
    const line = this.#lines.next(this.offersLogin ? authLineBytesMax : this.#commandBytesMax);
    if (line === null) return null;
    if (line.fault !== null) {
      return refusal(line.fault === "too-long" ? replies.lineTooLong : replies.badLine);
    }
    if (line.bytes.length + 2 > this.#commandBytesMax && !startsWithAuth(line.bytes)) {
      return refusal(replies.lineTooLong);
    }
    return this.#judge(readCommand(line.bytes));
  }

  /** The command was taken: goes to the state of the table. */
  succeed(verb: Verb): void {
    const next = serverTransitions[this.#state][verb];
    if (next === undefined) throw new Error(`${verb} cannot succeed in state ${this.#state}`);
    this.#state = next;
  }

  /** After 354: the bytes from here on go to the decoder, until it ends. DATA must have succeeded. */
  beginBody(decoder: BodyDecoder): void {
    if (this.#state !== "body") throw new Error(`no body in state ${this.#state}`);
    this.#body = decoder;
  }

  /** As many bytes from here on go to the decoder. BDAT must have succeeded. */
  beginChunk(bytes: number, last: boolean, decoder: BodyDecoder): void {
    if (this.#state !== "chunk") throw new Error(`no chunk in state ${this.#state}`);
    this.#chunk = { bytes, left: bytes, last, decoder };
  }

  /** BDAT is refused: its bytes follow all the same and are no commands (RFC 3030 §2). The transaction is over. */
  dropChunk(bytes: number): void {
    this.#chunk = bytes === 0 ? null : { bytes, left: bytes, last: false, decoder: null };
    if (this.#state !== "connected") this.#state = "ready";
  }

  /** The AUTH exchange is over (RFC 4954 §4: after a good one AUTH is not taken again). */
  endLogin(succeeded: boolean): void {
    if (this.#state !== "authenticating") throw new Error(`no login in state ${this.#state}`);
    this.#loggedIn = succeeded;
    this.#state = "ready";
  }

  /** The transaction is over, however it ended: the next one needs MAIL (RFC 5321 §4.1.1.4). */
  endTransaction(): void {
    this.#body = null;
    this.#state = "ready";
  }

  close(): void {
    this.#body = null;
    this.#chunk = null;
    this.#state = "closed";
  }

  #judge(read: CommandLine): ServerInput {
    const refused = this.#refusalOf(read);
    if (refused === null && read.ok) return { kind: "command", command: read.command };
    if (!read.ok || read.command.verb !== "BDAT") return refused ?? refusal(replies.badSequence);
    this.dropChunk(read.command.bytes);
    return { ...(refused ?? refusal(replies.badSequence)), chunk: true };
  }

  #refusalOf(read: CommandLine): RefusedInput | null {
    const verb = read.ok ? read.command.verb : read.verb;
    if (this.#startTls === "required" && !beforeTls.includes(verb) && (read.ok || read.close === null)) {
      return refusal(replies.needsTls);
    }
    if (verb !== null && this.#off.includes(verb)) return refusal(replies.notImplemented, read.ok ? null : read.close);
    // RFC 3207 §4.2, RFC 4954 §4: not twice.
    if (verb === "STARTTLS" && this.#startTls === "active") return refusal(replies.badSequence);
    if (verb === "AUTH" && this.#loggedIn) return refusal(replies.badSequence);
    if (verb !== null && serverTransitions[this.#state][verb] === undefined) {
      return refusal(replies.badSequence, read.ok ? null : read.close);
    }
    return read.ok ? null : refusal(read.reply, read.close);
  }

  #readBody(decoder: BodyDecoder, chunk: Uint8Array): number {
    const consumed = decoder.write(chunk);
    if (decoder.ended) this.#body = null;
    return consumed;
  }

  #readChunk(chunk: Chunk): ServerInput | "dropped" | null {
    const slice = this.#lines.take(chunk.left);
    chunk.left -= slice.length;
    if (slice.length > 0) chunk.decoder?.write(slice);
    if (chunk.left > 0) return null;
    this.#chunk = null;
    if (chunk.decoder === null) return "dropped";
    if (!chunk.last) this.#state = "chunks";
    return { kind: "chunk", bytes: chunk.bytes, last: chunk.last };
  }

  /** RFC 4954 §4: a line of base64, or `*` to give up. */
  #readLogin(): ServerInput | null {
    const line = this.#lines.next(authLineBytesMax);
    if (line === null) return null;
    const text = String.fromCharCode(...line.bytes);
    if (line.fault === null && isBase64(text)) return { kind: "login", message: text };
    this.endLogin(false);
    if (line.fault === "too-long") return { kind: "login-ended", reply: replies.authLineTooLong };
    return { kind: "login-ended", reply: text === "*" ? replies.authCancelled : replies.badBase64 };
  }
}

function startsWithAuth(line: Uint8Array): boolean {
  return /^AUTH $/i.test(String.fromCharCode(...line.subarray(0, 5)));
}

function refusal(reply: Reply, close: string | null = null): RefusedInput {
  return { kind: "refused", reply, close, chunk: false };
}
