import { DotStuffer } from "#core/bytes/dot-stuffer.ts";
import { type EditList, EditWriter } from "#core/message/rewrite/edit.ts";
import type { BodySize, ResponseSink } from "#core/pop3/response-reader.ts";
import { encodeStatusLine, type StatusLine } from "#core/pop3/status-line.ts";
import { TopLines } from "#core/pop3/top-lines.ts";
import { shortLived } from "../net/short-lived.ts";
import type { ClientLink } from "./client-link.ts";
import type { RetrievalEnd } from "./retrieval.ts";

export type KnownMessageContext = {
  client: ClientLink;
  upstream: { pause(): void; resume(): void };
  /** Of the message that was judged. */
  bytes: number;
  edits: EditList;
  /** TOP: so many lines of its body; null: all of it. */
  lines: number | null;
  /** The answer is given; the status line as the client heard it. */
  done(reply: string): void;
  /** The server's -ERR, to be passed on. */
  missing(status: StatusLine): void;
  /** It is not the message that was judged. */
  changed(): void;
};

/**
 * A message whose verdict is known, on its way from the server to the client with its edits: it is not looked into again. One of another
 * size is not the one that was judged, and gets no end mark.
 */
export class KnownMessage implements ResponseSink {
  readonly #context: KnownMessageContext;
  readonly #encoder: DotStuffer;
  readonly #writer: EditWriter;
  #status: StatusLine = { ok: false, text: "" };
  #reply: string | null = null;
  #bytes = 0;
  #over = false;

  constructor(context: KnownMessageContext) {
    const { client, upstream, edits, lines } = context;
    this.#context = context;
    this.#encoder = new DotStuffer((slice) => {
      if (!client.write(slice)) upstream.pause();
    });
    const top = lines === null ? null : new TopLines(lines, (slice) => this.#encoder.write(slice));
    this.#writer = new EditWriter(edits, (slice) => (top ?? this.#encoder).write(slice));
    client.onDrain = shortLived(() => upstream.resume());
  }

  /** What the client has of its answer. */
  get answer(): "none" | "partial" {
    return this.#reply === null ? "none" : "partial";
  }

  get upstreamReply(): string {
    return encodeStatusLine(this.#status).trimEnd();
  }

  /** How a retrieval ended that is cut here. */
  abortedEnd(cause: string): RetrievalEnd {
    return { outcome: "aborted", reply: null, upstreamReply: this.upstreamReply, cause };
  }

  status(line: StatusLine): void {
    this.#status = line;
    if (!line.ok) return;
    const { client, edits } = this.#context;
    // What the server says of the size holds for its own message only.
    this.#reply = edits.length === 0 ? encodeStatusLine(line).trimEnd() : "+OK";
    client.send(`${this.#reply}\r\n`);
  }

  decoded(slice: Uint8Array): void {
    this.#bytes += slice.length;
    if (this.#bytes <= this.#context.bytes) this.#writer.write(slice);
  }

  wire(): void {
    if (this.#bytes > this.#context.bytes) this.#change();
  }

  end({ decodedBytes }: BodySize): void {
    if (this.#over) return;
    if (this.#reply === null) {
      this.abort();
      return this.#context.missing(this.#status);
    }
    if (decodedBytes !== this.#context.bytes) return this.#change();
    this.#writer.end();
    this.#encoder.end();
    this.abort();
    this.#context.done(this.#reply);
  }

  /** The session is over, or the answer given; twice does no harm. */
  abort(): void {
    this.#over = true;
    this.#context.client.onDrain = null;
    this.#context.upstream.resume();
  }

  #change(): void {
    if (this.#over) return;
    this.abort();
    this.#context.changed();
  }
}
