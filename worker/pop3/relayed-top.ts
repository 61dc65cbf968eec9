import type { ResponseSink } from "#core/pop3/response-reader.ts";
import { encodeStatusLine, type StatusLine } from "#core/pop3/status-line.ts";
import { shortLived } from "../net/short-lived.ts";
import type { ClientLink } from "./client-link.ts";
import type { HeadStart } from "./head-start.ts";

export type RelayedTopContext = {
  client: ClientLink;
  upstream: { pause(): void; resume(): void };
  /** Of the look before it, which may have begun the answer; null: there was none. */
  headStart: HeadStart | null;
  /** The answer is given. */
  done(): void;
  /** The server's -ERR, to be passed on. */
  missing(status: StatusLine): void;
  /** The session cannot go on. */
  fail(reason: string): void;
};

/** The server's own TOP of a message that may pass, as it comes (RFC 1939 §7). */
export class RelayedTop implements ResponseSink {
  readonly #context: RelayedTopContext;
  #status: StatusLine = { ok: false, text: "" };

  constructor(context: RelayedTopContext) {
    this.#context = context;
    context.client.onDrain = shortLived(() => context.upstream.resume());
  }

  /** What the client has of its answer. */
  get answer(): "none" | "partial" {
    return this.#status.ok || this.#isBegun ? "partial" : "none";
  }

  status(line: StatusLine): void {
    const { client, headStart } = this.#context;
    this.#status = line;
    if (!line.ok) return;
    if (headStart === null) client.send(encodeStatusLine(line));
    else headStart.answer(encodeStatusLine(line).trimEnd());
  }

  decoded(): void {}

  wire(chunk: Uint8Array): void {
    if (!this.#context.client.write(chunk)) this.#context.upstream.pause();
  }

  end(): void {
    const { client, upstream, done, missing, fail } = this.#context;
    client.onDrain = null;
    upstream.resume();
    if (this.#status.ok) return done();
    // The client was told that there is an answer.
    if (this.#isBegun) return fail("the server has no top of a message that it has");
    missing(this.#status);
  }

  get #isBegun(): boolean {
    return this.#context.headStart?.begun === true;
  }
}
