import { encodeCommand } from "#core/pop3/command.ts";
import { encodeStatusLine, type StatusLine } from "#core/pop3/status-line.ts";
import type { Pop3Connection } from "../upstream/pop3-connection.ts";
import { statusSink } from "../upstream/status-sink.ts";
import type { Conversation } from "./conversation.ts";
import type { VerdictGround } from "./kept-verdict.ts";
import { Listing, messageLines } from "./listing.ts";
import { goneReply, type MailboxDeletions } from "./mailbox-deletions.ts";
import type { ListingVerb, MailboxIndex } from "./mailbox-index.ts";
import type { MailboxVerdicts } from "./mailbox-verdicts.ts";

export type MailboxViewContext = {
  session: Pick<Conversation, "answer" | "pass" | "client">;
  upstream: Pop3Connection;
  index: MailboxIndex;
  verdicts: MailboxVerdicts;
  deletions: MailboxDeletions;
  /** A listing has passed as a whole. */
  learned(verb: ListingVerb): void;
  /** The answer was given. */
  done(): void;
  fail(reason: string): void;
};

/** STAT, LIST and UIDL (RFC 1939 §5, §7): the server's numbers, order and unique ids, with the sizes that the client gets where they are known. */
export class MailboxView {
  readonly #context: MailboxViewContext;
  #listing: Listing | null = null;

  constructor(context: MailboxViewContext) {
    this.#context = context;
  }

  /** What the client has of the answer under way. */
  get answer(): "none" | "partial" {
    return this.#listing?.answer ?? "none";
  }

  stat(ground: VerdictGround): void {
    const { upstream, session } = this.#context;
    const done = (status: StatusLine): void => {
      const [all, messages, octets] = /^(\d{1,10}) (\d{1,15})(?= |$)/.exec(status.text) ?? [];
      if (!status.ok || all === undefined) return session.pass("STAT", status);
      const text = `${this.#count(Number(messages))} ${this.#octets(Number(octets), ground)}`;
      session.answer(encodeStatusLine({ ok: true, text: text + status.text.slice(all.length) }));
    };
    upstream.request(encodeCommand({ verb: "STAT" }), false, statusSink(done));
  }

  one(verb: ListingVerb, message: number, ground: VerdictGround): void {
    const { upstream, session, deletions } = this.#context;
    if (deletions.pretended.has(message)) return session.answer(goneReply);
    const done = (status: StatusLine): void => {
      if (!status.ok) return session.pass(verb, status);
      const text = verb === "LIST" ? this.#resized(status.text, ground) : status.text;
      session.answer(encodeStatusLine({ ok: true, text }));
    };
    upstream.request(encodeCommand({ verb, message }), false, statusSink(done));
  }

  /** `learns`: what the server says is gathered as it passes. */
  all(verb: ListingVerb, ground: VerdictGround, learns: boolean): void {
    const { session, upstream, index, verdicts, deletions, learned, done, fail } = this.#context;
    const resizes = verb === "LIST" && verdicts.mayResize;
    const isPlain = !resizes && deletions.pretended.size === 0;
    this.#listing = new Listing({
      client: session.client,
      upstream,
      accepts: (line) => messageLines[verb].test(line),
      show: (line) => {
        if (learns) index.learn(verb, line);
        if (isPlain) return line;
        if (deletions.pretended.has(Number(line.slice(0, line.indexOf(" "))))) return null;
        return resizes ? this.#resized(line, ground) : line;
      },
      done: (isThere) => {
        this.#listing = null;
        if (learns && isThere) learned(verb);
        done();
      },
      fail,
    });
    upstream.request(encodeCommand({ verb, message: null }), true, this.#listing);
  }

  /** A scan listing with the size that the client gets. */
  #resized(text: string, ground: VerdictGround): string {
    const [all, message, size] = /^(\d{1,10}) (\d{1,15})(?= |$)/.exec(text) ?? [];
    if (all === undefined) return text;
    const octets = this.#context.verdicts.octets(Number(message), Number(size), ground);
    return octets === null ? text : `${message} ${octets}${text.slice(all.length)}`;
  }

  #count(messages: number): number {
    return Math.max(0, messages - this.#context.deletions.pretended.size);
  }

  /** Of all messages that are left, from what the server says of all that it has left. */
  #octets(octets: number, ground: VerdictGround): number {
    const { verdicts, deletions } = this.#context;
    let all = octets;
    for (const size of deletions.pretended.values()) all -= size;
    for (const { message, size, octets: shown } of verdicts.resized(ground)) {
      if (!deletions.marked.has(message) && !deletions.pretended.has(message)) all += shown - size;
    }
    return Math.max(0, all);
  }
}
