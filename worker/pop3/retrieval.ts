import type { Outcome } from "#core/contract/event.ts";
import type { CompiledProxyAction } from "#core/policy/compile.ts";
import type { BodySize, ResponseSink } from "#core/pop3/response-reader.ts";
import { encodeStatusLine, type StatusLine } from "#core/pop3/status-line.ts";
import { shortLived } from "../net/short-lived.ts";
import type { ContentReading } from "../quarantine/quarantine.ts";
import type { ClientLink } from "./client-link.ts";
import { sendEdited, sendNotice } from "./edited-message.ts";
import type { HeadStart } from "./head-start.ts";
import { judgesContent, type MessageJudgement } from "./message-judgement.ts";
import type { WireHold } from "./wire-hold.ts";

/** Bytes of a refused message that are read to get past it; a server that sends more is left. */
export const swallowBytesMax = 1_073_741_824;
export const endlessMessage = "the server does not end its message";

/** How a retrieval ended. `reply`: what the client heard, null when its answer is not whole. */
export type RetrievalEnd = {
  outcome: Extract<Outcome, "retrieved" | "replaced" | "aborted">;
  reply: string | null;
  upstreamReply: string | null;
  cause: string | null;
};

export type RetrievalContext = {
  client: ClientLink;
  upstream: { pause(): void; resume(): void };
  action: CompiledProxyAction;
  judgement: MessageJudgement;
  hold: WireHold;
  headStart: HeadStart;
  /** The whole answer is given; the next command may come. */
  done(end: RetrievalEnd): void;
  /** The server's -ERR, to be passed on. */
  missing(status: StatusLine): void;
  /** The session cannot go on. */
  fail(reason: string): void;
  fault(error: unknown): void;
};

/**
 * holding: nothing was sent yet. streaming: the message goes out. swallowing: a notice takes the place. settling: all of it was read, the verdict
 * or an edited message is on its way.
 */
type Mode = "holding" | "streaming" | "swallowing" | "settling" | "over";

/** One RETR: judges the message on its way and gives the client the original byte for byte, an edited one, or a notice (RFC 1939 §5). */
export class Retrieval implements ResponseSink {
  readonly #context: RetrievalContext;
  readonly #hold: WireHold;
  #reading: ContentReading | null = null;
  #mode: Mode = "holding";
  #status: StatusLine = { ok: false, text: "" };
  #reply: string | null = null;
  #noticeSent = false;
  #swallowed = 0;

  constructor(context: RetrievalContext) {
    this.#context = context;
    this.#hold = context.hold;
    this.#hold.begin({ onDrain: () => context.upstream.resume(), onError: (error) => context.fail(error.message) });
    context.client.onDrain = shortLived(() => {
      this.#hold.hold.resume();
      this.#reading?.resume();
    });
  }

  /** What the client has of its answer. */
  get answer(): "none" | "partial" | "whole" {
    if (this.#noticeSent || this.#mode === "over") return "whole";
    return this.#reply === null && !this.#context.headStart.begun ? "none" : "partial";
  }

  status(line: StatusLine): void {
    this.#status = line;
    if (!line.ok) return;
    if (judgesContent(this.#context.action)) this.#context.headStart.begin();
    else this.#stream();
  }

  decoded(slice: Uint8Array): void {
    this.#context.judgement.write(slice);
  }

  wire(chunk: Uint8Array): void {
    const { judgement, upstream } = this.#context;
    if (this.#mode === "holding" && judgement.refused) this.#swallow();
    if (this.#mode === "holding" && !judgement.open) this.#stream();
    if (this.#mode === "swallowing") this.#swallowMore(chunk.length);
    else if (!this.#hold.write(chunk)) upstream.pause();
  }

  end(size: BodySize): void {
    const { judgement, missing } = this.#context;
    if (this.#mode === "over") return;
    if (!this.#status.ok) {
      this.#leave();
      return missing(this.#status);
    }
    const isOut = this.#mode === "streaming";
    if (this.#mode === "holding") this.#mode = "settling";
    if (!isOut) this.#hold.end(size.decodedBytes);
    judgement.end(size, () => this.#judged(), this.#context.fault);
    if (isOut) this.#hold.end(size.decodedBytes);
  }

  /** A side went away. Answers how it ended, or null when that was told already. */
  abort(cause: string): RetrievalEnd | null {
    if (this.#mode === "over") return null;
    this.#leave();
    const outcome = this.#noticeSent ? "replaced" : "aborted";
    return { outcome, reply: this.#noticeSent ? this.#reply : null, upstreamReply: this.#upstreamReply(), cause };
  }

  #judged(): void {
    const { judgement, client, headStart, fail } = this.#context;
    if (this.#mode === "over" || this.#mode === "streaming") return;
    switch (judgement.shown) {
      case "notice":
        if (!this.#noticeSent) this.#sendNotice();
        return this.#finish("replaced");
      case "original":
        return this.#stream();
      case "edited":
        this.#reply = "+OK";
        headStart.answer("+OK");
        this.#reading = sendEdited(client, this.#hold.original.whole(), judgement.edits, null, (error) =>
          error === null ? this.#finish("retrieved") : fail(`the held message: ${error.message}`),
        );
        return;
      default:
        judgement.shown satisfies never;
    }
  }

  #sendStatus(): void {
    this.#reply = encodeStatusLine(this.#status).trimEnd();
    this.#context.headStart.answer(this.#reply);
  }

  /** No rule can turn the verdict any more: what is held goes out and the rest follows. */
  #stream(): void {
    const { client } = this.#context;
    this.#mode = "streaming";
    this.#sendStatus();
    this.#hold.hold.deliverTo({ piece: (bytes) => client.write(bytes), done: () => this.#finish("retrieved") });
    this.#hold.hold.releaseTo(Number.POSITIVE_INFINITY);
  }

  #swallow(): void {
    this.#mode = "swallowing";
    this.#hold.discard();
    this.#context.upstream.resume();
  }

  #swallowMore(bytes: number): void {
    this.#swallowed += bytes;
    // The client need not wait for a message that it will not get.
    if (!this.#noticeSent && this.#context.judgement.headerComplete) this.#sendNotice();
    if (this.#swallowed > swallowBytesMax) this.#context.fail(endlessMessage);
  }

  #sendNotice(): void {
    const { client, judgement, headStart } = this.#context;
    this.#noticeSent = true;
    this.#reply = "+OK";
    headStart.answer("+OK");
    sendNotice(client, judgement.notice(), null);
  }

  #finish(outcome: RetrievalEnd["outcome"]): void {
    this.#leave();
    const { cause } = this.#context.judgement;
    this.#context.done({ outcome, reply: this.#reply, upstreamReply: this.#upstreamReply(), cause });
  }

  #leave(): void {
    this.#mode = "over";
    this.#context.headStart.end();
    this.#reading?.stop();
    this.#context.judgement.cancel();
    this.#hold.discard();
    this.#context.client.onDrain = null;
    this.#context.upstream.resume();
  }

  #upstreamReply(): string {
    return encodeStatusLine(this.#status).trimEnd();
  }
}
