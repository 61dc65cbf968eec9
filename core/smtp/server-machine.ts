import { type DotDecoder } from "#core/bytes/dot-decoder.ts";
import { LineReader } from "#core/bytes/line-reader.ts";
import { type Command, readCommand } from "./command.ts";
import type { Reply } from "./reply.ts";
import { replies } from "./reply-codes.ts";
import { type ServerState, serverTransitions, type Verb } from "./states.ts";

/** How STARTTLS stands: not spoken here, offered, asked for before anything else, or TLS is spoken already. */
export type StartTlsState = "none" | "offered" | "required" | "active";

/** RFC 3207 §4: what is taken before a required STARTTLS. */
const beforeTls: readonly (Verb | null)[] = ["EHLO", "HELO", "NOOP", "QUIT", "STARTTLS"];

/** What the client sent next. refused: our answer is clear already, the state is as before; `close`: end the session with it. */
export type ServerInput = { kind: "command"; command: Command } | { kind: "refused"; reply: Reply; close: boolean };

/**
 * The server's side of an SMTP session, without I/O: takes bytes, gives commands that are legal now, and hands the bytes
 * of a message to a decoder. The owner answers every input, and calls `succeed` for a command that it took.
 */
export class ServerMachine {
  /** Whether EHLO offers STARTTLS. */
  readonly offersTls: boolean;
  readonly #startTls: StartTlsState;
  readonly #lines: LineReader;
  #state: ServerState = "connected";
  #body: DotDecoder | null = null;

  /** `commandBytesMax`: one command line, CRLF included. */
  constructor(commandBytesMax: number, startTls: StartTlsState = "none") {
    this.#startTls = startTls;
    this.offersTls = startTls === "offered" || startTls === "required";
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

  /** The next input, or null when more bytes are needed or a body is being read. */
  next(): ServerInput | null {
    if (this.#state === "body" || this.#state === "closed") return null;
    const line = this.#lines.next();
    if (line === null) return null;
    if (line.fault !== null) {
      return refusal(line.fault === "too-long" ? replies.lineTooLong : replies.badLine, false);
    }
    const read = readCommand(line.bytes);
    const verb = read.ok ? read.command.verb : read.verb;
    if (this.#startTls === "required" && !beforeTls.includes(verb) && (read.ok || !read.close)) {
      return refusal(replies.needsTls, false);
    }
    if (verb === "STARTTLS" && this.#startTls === "none") return refusal(replies.notImplemented, false);
    // RFC 3207 §4.2: not twice.
    if (verb === "STARTTLS" && this.#startTls === "active") return refusal(replies.badSequence, false);
    if (verb !== null && serverTransitions[this.#state][verb] === undefined) return refusal(replies.badSequence, false);
    return read.ok ? { kind: "command", command: read.command } : refusal(read.reply, read.close);
  }

  /** The command was taken: goes to the state of the table. */
  succeed(verb: Verb): void {
    const next = serverTransitions[this.#state][verb];
    if (next === undefined) throw new Error(`${verb} cannot succeed in state ${this.#state}`);
    this.#state = next;
  }

  /** After 354: the bytes from here on go to the decoder, until it ends. DATA must have succeeded. */
  beginBody(decoder: DotDecoder): void {
    if (this.#state !== "body") throw new Error(`no body in state ${this.#state}`);
    this.#body = decoder;
  }

  /** The transaction is over, however it ended: the next one needs MAIL (RFC 5321 §4.1.1.4). */
  endTransaction(): void {
    this.#body = null;
    this.#state = "ready";
  }

  close(): void {
    this.#body = null;
    this.#state = "closed";
  }

  #readBody(decoder: DotDecoder, chunk: Uint8Array): number {
    const consumed = decoder.write(chunk);
    if (decoder.ended) this.#body = null;
    return consumed;
  }
}

function refusal(reply: Reply, close: boolean): ServerInput {
  return { kind: "refused", reply, close };
}
