import { numberMax } from "#core/pop3/command.ts";
import type { MessageName } from "./verdict-store.ts";

/** Messages of one mailbox that are told apart, about 30 MB; of those after them nothing is remembered. */
export const indexedMessagesMax = 200_000;

export type ListingVerb = "LIST" | "UIDL";

/**
 * What a server says of the messages in its mailbox, gathered from its answers to LIST and UIDL, whoever asked. A message about which it
 * contradicts itself has no name: nothing is remembered of it.
 */
export class MailboxIndex {
  readonly #sizes = new Map<number, number>();
  readonly #uidls = new Map<number, string>();
  readonly #numbers = new Map<string, number>();
  readonly #doubtful = new Set<number>();
  readonly #asked = new Set<ListingVerb>();
  /** Asked for while messages were marked as deleted, which it lacks. */
  readonly #partial = new Set<ListingVerb>();

  /** Whether the listing was given as a whole, or refused. */
  knows(verb: ListingVerb): boolean {
    return this.#asked.has(verb);
  }

  /** One line of a listing, CRLF taken off; another than that is passed over, and so is what LIST may have behind the size. */
  learn(verb: ListingVerb, line: string): void {
    const [first, word = ""] = line.split(" ", 2);
    const message = Number(first);
    if (!(message >= 1 && message <= numberMax)) return;
    if (verb === "UIDL") this.#learnUidl(message, word);
    else this.#learnSize(message, Number(word));
  }

  /** The listing is complete. `gone`: messages that it lacks since they were deleted. */
  complete(verb: ListingVerb, gone: number): void {
    if (this.#asked.has(verb)) return;
    this.#asked.add(verb);
    if (gone > 0) this.#partial.add(verb);
    const known: ReadonlyMap<number, unknown> = verb === "UIDL" ? this.#uidls : this.#sizes;
    if (known.size >= indexedMessagesMax) return;
    // RFC 1939 §4: numbers begin with 1 and go up by one.
    for (const message of known.keys()) if (message > known.size + gone) this.#doubtful.add(message);
  }

  /** What was marked as deleted is there again. */
  restored(): void {
    for (const verb of this.#partial) this.#asked.delete(verb);
    this.#partial.clear();
  }

  /** The server has no such listing. */
  refused(verb: ListingVerb): void {
    this.#asked.add(verb);
  }

  /** What tells the message from all others, in this session and in later ones; null: nothing does. */
  name(message: number): MessageName | null {
    const [uidl, size] = [this.#uidls.get(message), this.#sizes.get(message)];
    return uidl === undefined || size === undefined || this.#doubtful.has(message) ? null : { uidl, size };
  }

  uidl(message: number): string | null {
    return this.#doubtful.has(message) ? null : (this.#uidls.get(message) ?? null);
  }

  size(message: number): number | null {
    return this.#sizes.get(message) ?? null;
  }

  numberOf(uidl: string): number | null {
    return this.#numbers.get(uidl) ?? null;
  }

  uidls(): Iterable<string> {
    return this.#numbers.keys();
  }

  #learnSize(message: number, size: number): void {
    const known = this.#sizes.get(message);
    if (known !== undefined && known !== size) this.#doubtful.add(message);
    if (known !== undefined || this.#sizes.size >= indexedMessagesMax || !Number.isSafeInteger(size)) return;
    this.#sizes.set(message, size);
  }

  #learnUidl(message: number, uidl: string): void {
    const known = this.#uidls.get(message);
    const other = this.#numbers.get(uidl) ?? message;
    if (known !== undefined && known !== uidl) this.#doubtful.add(message);
    if (other !== message) {
      this.#doubtful.add(other);
      this.#doubtful.add(message);
    }
    if (known !== undefined || this.#uidls.size >= indexedMessagesMax) return;
    this.#uidls.set(message, uidl);
    this.#numbers.set(uidl, other);
  }
}
