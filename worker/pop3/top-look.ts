import type { BodySize, ResponseSink } from "#core/pop3/response-reader.ts";
import type { StatusLine } from "#core/pop3/status-line.ts";
import { shortLived } from "../net/short-lived.ts";
import type { ContentReading } from "../quarantine/quarantine.ts";
import type { ClientLink } from "./client-link.ts";
import { sendEdited, sendNotice } from "./edited-message.ts";
import type { HeadStart } from "./head-start.ts";
import type { MessageJudgement } from "./message-judgement.ts";
import { endlessMessage, swallowBytesMax } from "./retrieval.ts";
import type { WireHold } from "./wire-hold.ts";

type Judging = Pick<MessageJudgement, "write" | "refused" | "end" | "shown" | "edits" | "notice" | "cancel">;

export type TopLookContext = {
  client: ClientLink;
  upstream: { pause(): void; resume(): void };
  judgement: Judging;
  /** null: the message need not be at hand. */
  hold: WireHold | null;
  headStart: HeadStart;
  lines: number;
  /** It may pass as it is: the server is asked for its top. */
  original(): void;
  /** The answer is given. */
  done(): void;
  /** The server's -ERR, to be passed on. */
  missing(status: StatusLine): void;
  /** The session cannot go on. */
  fail(reason: string): void;
  fault(error: unknown): void;
};

/** One TOP of a message that is not judged yet: all of it is read, and its top shown as RETR would give it (RFC 1939 §7). */
export class TopLook implements ResponseSink {
  readonly #context: TopLookContext;
  #status: StatusLine = { ok: false, text: "" };
  #reading: ContentReading | null = null;
  #begun = false;
  #swallowed = 0;
  #over = false;

  constructor(context: TopLookContext) {
    this.#context = context;
    const { hold, upstream, client } = context;
    if (hold === null) return;
    hold.begin({ onDrain: () => upstream.resume(), onError: (error) => context.fail(error.message) });
    client.onDrain = shortLived(() => this.#reading?.resume());
  }

  /** What the client has of its answer. */
  get answer(): "none" | "partial" {
    return this.#begun || this.#context.headStart.begun ? "partial" : "none";
  }

  status(line: StatusLine): void {
    this.#status = line;
    if (line.ok) this.#context.headStart.begin();
  }

  decoded(slice: Uint8Array): void {
    this.#context.judgement.write(slice);
  }

  wire(chunk: Uint8Array): void {
    const { hold, judgement, upstream } = this.#context;
    if (judgement.refused) this.#swallow(chunk.length);
    else if (hold?.write(chunk) === false) upstream.pause();
  }

  /** It will not be shown, whatever the rest of it is. */
  #swallow(bytes: number): void {
    this.#swallowed += bytes;
    if (this.#swallowed > swallowBytesMax) this.#context.fail(endlessMessage);
  }

  end(size: BodySize): void {
    const { judgement, hold, fault, missing } = this.#context;
    if (!this.#status.ok) {
      this.#leave();
      return missing(this.#status);
    }
    hold?.end(size.decodedBytes);
    judgement.end(size, () => this.#judged(judgement), fault);
  }

  /** The session is over; twice does no harm. */
  abort(): void {
    this.#leave();
  }

  #judged(judgement: Judging): void {
    if (this.#over) return;
    const { client, lines, hold, headStart, done, original, fail } = this.#context;
    switch (judgement.shown) {
      case "original":
        this.#leave();
        return original();
      case "notice":
        this.#leave();
        headStart.answer("+OK");
        sendNotice(client, judgement.notice(), lines);
        return done();
      case "edited":
        if (hold === null) throw new Error("a message is changed that is not at hand");
        this.#begun = true;
        headStart.answer("+OK");
        this.#reading = sendEdited(client, hold.original.whole(), judgement.edits, lines, (error) => {
          this.#leave();
          if (error === null) done();
          else fail(error.message);
        });
        return;
      default:
        judgement.shown satisfies never;
    }
  }

  #leave(): void {
    const { judgement, hold, headStart, client, upstream } = this.#context;
    this.#over = true;
    headStart.end();
    this.#reading?.stop();
    judgement.cancel();
    hold?.discard();
    client.onDrain = null;
    // The disk may be behind the last of it, and nobody waits for it any more.
    upstream.resume();
  }
}
