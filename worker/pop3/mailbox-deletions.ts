import type { Pop3Settings } from "#core/contract/pop3-settings.ts";
import { encodeCommand } from "#core/pop3/command.ts";
import type { StatusLine } from "#core/pop3/status-line.ts";
import type { Pop3Connection } from "../upstream/pop3-connection.ts";
import { statusSink } from "../upstream/status-sink.ts";
import type { Conversation } from "./conversation.ts";

const dayMs = 86_400_000;
export const goneReply = "-ERR The message is deleted\r\n";

export type DeletionContext = {
  session: Pick<Conversation, "answer" | "pass">;
  upstream: Pop3Connection;
  /** When the mailbox first showed a message to us, in milliseconds since 1970; null: it has no name, so that nobody knows. */
  firstSeen(message: number): number | null;
  now(): number;
  /** A DELE is not carried out, whatever the client hears. */
  withheld(): void;
  /** What was marked is there again. */
  restored(): void;
};

/** DELE and RSET of one session (RFC 1939 §5): what is marked at the server, and what only seems to be. */
export class MailboxDeletions {
  readonly #context: DeletionContext;
  readonly #marked = new Set<number>();
  /** With their sizes as the server says. */
  readonly #pretended = new Map<number, number>();

  constructor(context: DeletionContext) {
    this.#context = context;
  }

  /** Marked at the server, which deletes them at QUIT. */
  get marked(): ReadonlySet<number> {
    return this.#marked;
  }

  /** Those that only seem to be deleted, with the sizes that the server tells. */
  get pretended(): ReadonlyMap<number, number> {
    return this.#pretended;
  }

  delete(message: number, { allow, days, answer }: Pop3Settings["deletion"]): void {
    const { session, withheld, firstSeen, now } = this.#context;
    if (this.#pretended.has(message)) return session.answer(goneReply);
    const since = allow === "after-days" ? firstSeen(message) : null;
    if (allow === "always" || (since !== null && now() - since >= days * dayMs)) return this.#mark(message);
    if (answer === "pretend") return this.#pretend(message);
    withheld();
    const when = allow === "never" ? "" : ` for ${days} days`;
    session.answer(`-ERR Messages stay on the server${when}\r\n`);
  }

  /** RFC 1939 §5: what was marked as deleted is there again. */
  reset(): void {
    this.#ask({ verb: "RSET" }, (status) => {
      if (status.ok) {
        this.#marked.clear();
        this.#context.restored();
        this.#pretended.clear();
      }
      this.#context.session.pass("RSET", status);
    });
  }

  #mark(message: number): void {
    this.#ask({ verb: "DELE", message }, (status) => {
      if (status.ok) this.#marked.add(message);
      this.#context.session.pass("DELE", status);
    });
  }

  /** The server tells whether there is such a message. */
  #pretend(message: number): void {
    const { session, withheld } = this.#context;
    this.#ask({ verb: "LIST", message }, (status) => {
      const size = /^\d{1,10} (\d{1,15})(?= |$)/.exec(status.text)?.[1];
      if (!status.ok || size === undefined) return session.pass("DELE", { ...status, ok: false });
      this.#pretended.set(message, Number(size));
      withheld();
      session.answer("+OK Message deleted\r\n");
    });
  }

  #ask(
    command: { verb: "RSET" } | { verb: "DELE"; message: number } | { verb: "LIST"; message: number },
    done: (status: StatusLine) => void,
  ): void {
    this.#context.upstream.request(encodeCommand(command), false, statusSink(done));
  }
}
