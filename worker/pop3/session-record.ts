import type { MailboxRecord, MessageEvent } from "#core/contract/event.ts";
import type { Pop3Command, Pop3Verb } from "#core/pop3/command.ts";
import { SessionRecord } from "../net/session-record.ts";
import type { GoverningPolicy } from "../services.ts";
import { commandWords } from "./command-words.ts";

/** RFC 1939 §5 */
const statAnswer = /^\+OK (\d{1,15}) (\d{1,15})/;

/** What is written down of a POP3 session: with what it did to the mailbox, read from the commands and the answers that the client got. */
export class Pop3SessionRecord extends SessionRecord {
  /** How the client logged in; null: not yet. */
  login: string | null = null;
  readonly #mailbox: MailboxRecord = {
    messages: null,
    bytes: null,
    retrieved: 0,
    retrievedBytes: 0,
    looked: 0,
    replaced: 0,
    changed: 0,
    deleted: 0,
    kept: 0,
    committed: false,
  };
  /** The command whose answer counts. */
  #verb: Pop3Verb | null = null;
  /** Of the last AUTH. */
  #mechanism = "";
  /** TOP was answered last. */
  #isLooking = false;

  /** A command came; its answer is told by `answered`. */
  command(command: Pop3Command): void {
    this.#verb = command.verb;
    this.#isLooking = false;
    if (command.verb === "AUTH") this.#mechanism = command.mechanism;
    this.trace.command(commandWords(command));
  }

  /** What the command under way asks for is not done, whatever the client hears. */
  withheld(): void {
    if (this.#verb === "DELE") this.#mailbox.kept++;
    this.#verb = null;
  }

  /** An answer goes out that begins with `text`. */
  answered(text: string): void {
    // RFC 5034 §4: the answer to AUTH comes after its challenges.
    if (text.startsWith("+ ")) return;
    this.trace.reply(text);
    const verb = this.#verb;
    this.#verb = null;
    if (verb !== null && text.startsWith("+OK")) this.#count(verb, text);
  }

  protected override get mailbox(): MailboxRecord | null {
    return this.login === null ? null : this.#mailbox;
  }

  protected override alarm({ policy }: GoverningPolicy): string | null {
    const { definition } = policy.action;
    const { deleted, committed } = this.#mailbox;
    if (definition.protocol !== "pop3" || !definition.settings.deletion.warn || deleted === 0 || !committed)
      return null;
    return deleted === 1 ? "1 message was deleted" : `${deleted} messages were deleted`;
  }

  protected override noteMessage(event: MessageEvent): void {
    super.noteMessage(event);
    if (event.outcome !== "retrieved" && event.outcome !== "replaced") return;
    // A TOP of all lines is a retrieval.
    if (this.#isLooking) this.#mailbox.looked--;
    this.#mailbox.retrieved++;
    if (event.outcome === "replaced") {
      this.#mailbox.replaced++;
      return;
    }
    this.#mailbox.retrievedBytes += event.bytes;
    if ((event.content?.changes.length ?? 0) > 0) this.#mailbox.changed++;
  }

  #count(verb: Pop3Verb, text: string): void {
    switch (verb) {
      case "PASS":
        this.login = "USER";
        return;
      case "APOP":
        this.login = "APOP";
        return;
      case "AUTH":
        this.login = this.#mechanism;
        return;
      case "STAT":
        return this.#countMailbox(text);
      case "TOP":
        this.#isLooking = true;
        this.#mailbox.looked++;
        return;
      case "DELE":
        this.#mailbox.deleted++;
        return;
      case "RSET":
        // RFC 1939 §5: nothing is marked any more.
        this.#mailbox.deleted = 0;
        this.#mailbox.kept = 0;
        return;
      case "QUIT":
        this.#mailbox.committed = this.login !== null;
    }
  }

  /** Of the first STAT: later ones do not count what was deleted meanwhile. */
  #countMailbox(text: string): void {
    const [, messages, bytes] = statAnswer.exec(text) ?? [];
    if (messages === undefined || bytes === undefined || this.#mailbox.messages !== null) return;
    this.#mailbox.messages = Number(messages);
    this.#mailbox.bytes = Number(bytes);
  }
}
