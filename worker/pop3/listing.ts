import { LineReader } from "#core/bytes/line-reader.ts";
import type { ResponseSink } from "#core/pop3/response-reader.ts";
import { encodeStatusLine, type StatusLine } from "#core/pop3/status-line.ts";
import { trimmed } from "#core/pop3/wire-text.ts";
import { shortLived } from "../net/short-lived.ts";
import type { ClientLink } from "./client-link.ts";
import { indexedMessagesMax, type ListingVerb, type MailboxIndex } from "./mailbox-index.ts";

/** One line of a LIST, UIDL or CAPA answer, CRLF included (RFC 2449 §4). */
export const listingLineBytesMax = 512;

export type ListingContext = {
  client: ClientLink;
  upstream: { pause(): void; resume(): void };
  /** Whether the line, free of control bytes, is what the command promises. */
  accepts: (line: string) => boolean;
  /** What the client gets for it; null: nothing. Absent: the line. */
  show?: (line: string) => string | null;
  /** The answer is given; false: the server's -ERR. */
  done(isThere: boolean): void;
  fail(reason: string): void;
};

/** RFC 1939 §5: behind the size anything may follow. */
export const scanLine = /^\d{1,10} \d{1,20}(?: [^\x00-\x1f\x7f]*)?$/;
/** RFC 1939 §7: 70 characters; longer ones are in use. */
export const uniqueIdLine = /^\d{1,10} [\x21-\x7e]{1,250}$/;
/** RFC 6856 §3.2: a tag and what it is called there, in UTF-8. */
export const languageLine = /^[0-9A-Za-z-]{1,70}(?: [^\x00-\x1f\x7f]*)?$/;
export const messageLines = { LIST: scanLine, UIDL: uniqueIdLine } as const;

/** Bytes of a listing that we ask for ourselves; a server that sends more is left. */
export const askedListingBytesMax = 67_108_864;

/** Passes on the lines of LIST or UIDL, each looked at; one that is something else ends the session. */
export class Listing implements ResponseSink {
  readonly #context: ListingContext;
  readonly #lines = new LineReader(listingLineBytesMax);
  #status: StatusLine = { ok: false, text: "" };
  #failed = false;
  #begun = false;

  constructor(context: ListingContext) {
    this.#context = context;
    context.client.onDrain = shortLived(() => context.upstream.resume());
  }

  get answer(): "none" | "partial" {
    return this.#begun ? "partial" : "none";
  }

  status(line: StatusLine): void {
    this.#status = line;
    this.#begun = true;
    this.#context.client.send(encodeStatusLine(line));
  }

  decoded(slice: Uint8Array): void {
    if (this.#failed) return;
    this.#lines.push(slice);
    let text = "";
    for (let line = this.#lines.next(); line !== null; line = this.#lines.next()) {
      const words = trimmed(latin1(line.bytes));
      if (line.fault !== null || !this.#context.accepts(words)) return this.#fail();
      const shown = this.#context.show === undefined ? words : this.#context.show(words);
      if (shown !== null) text += `${shown}\r\n`;
    }
    if (text !== "" && !this.#context.client.send(text)) this.#context.upstream.pause();
  }

  wire(): void {}

  end(): void {
    if (this.#failed) return;
    this.#context.client.onDrain = null;
    this.#context.upstream.resume();
    if (this.#status.ok) this.#context.client.send(".\r\n");
    this.#context.done(this.#status.ok);
  }

  #fail(): void {
    this.#failed = true;
    this.#context.fail("the server's listing has a line that is none");
  }
}

/** Reads a listing that the client did not ask for. Lines that are none are passed over. */
export function listingSink(
  verb: ListingVerb,
  index: MailboxIndex,
  done: (isThere: boolean) => void,
  fail: (reason: string) => void,
): ResponseSink {
  const reader = new LineReader(listingLineBytesMax);
  let [isThere, bytes, lines] = [false, 0, 0];
  return {
    status: ({ ok }) => {
      isThere = ok;
    },
    decoded: (slice) => {
      if (lines >= indexedMessagesMax) return;
      reader.push(slice);
      for (let line = reader.next(); line !== null; line = reader.next()) {
        lines++;
        const words = latin1(line.bytes).trimEnd();
        if (line.fault === null && messageLines[verb].test(words)) index.learn(verb, words);
      }
    },
    wire: (chunk) => {
      bytes += chunk.length;
      if (bytes > askedListingBytesMax) fail(`the server does not end its ${verb}`);
    },
    end: () => done(isThere),
  };
}

/** One character a byte. A mailbox may have 100,000 lines. */
function latin1({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString("latin1");
}
