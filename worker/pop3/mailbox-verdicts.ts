import type { KeptVerdict, VerdictGround } from "./kept-verdict.ts";
import type { MailboxIndex } from "./mailbox-index.ts";
import type { MailboxMemory } from "./verdict-store.ts";

/** Verdicts that one session remembers by itself, at most about 60 MB; past it the oldest is forgotten and its message read again. */
export const sessionVerdictsMax = 2_000;

type Remembered = { ground: string; verdict: KeptVerdict };

/**
 * The verdicts on the messages of one mailbox: by number, which means the same message all through a session (RFC 1939 §5), and by name in the
 * store, which other sessions share. Where the server tells no names, or verdicts hold no longer than a session, there is the session only.
 */
export class MailboxVerdicts {
  readonly #store: MailboxMemory;
  readonly #mailbox: string;
  readonly #index: MailboxIndex;
  readonly #bySession = new Map<number, Remembered>();

  constructor(store: MailboxMemory, mailbox: string, index: MailboxIndex) {
    this.#store = store;
    this.#mailbox = mailbox;
    this.#index = index;
  }

  /** Whether a message of this mailbox may be shown with another size than the server's. */
  get mayResize(): boolean {
    return this.#bySession.size > 0 || this.#store.resized(this.#mailbox).size > 0;
  }

  /** Null when none is known that rests on this ground. */
  get(message: number, ground: VerdictGround): KeptVerdict | null {
    const known = this.#bySession.get(message);
    if (known?.ground === ground.digest) return known.verdict;
    const name = this.#index.name(message);
    return name === null ? null : this.#store.get(this.#mailbox, name, ground);
  }

  /** In the store where others can find it, else for this session. */
  set(message: number, ground: VerdictGround, verdict: KeptVerdict): void {
    const name = this.#index.name(message);
    this.#bySession.delete(message);
    if (name !== null && this.#store.set(this.#mailbox, name, ground, verdict)) return;
    this.#bySession.set(message, { ground: ground.digest, verdict });
    if (this.#bySession.size <= sessionVerdictsMax) return;
    const [oldest = 0] = this.#bySession.keys();
    this.#bySession.delete(oldest);
  }

  /** The message is another one than it was. */
  forget(message: number): void {
    this.#bySession.delete(message);
    const uidl = this.#index.uidl(message);
    if (uidl !== null) this.#store.forget(this.#mailbox, uidl);
  }

  /** Octets of what is shown of a message that has so many; null: as the server says. */
  octets(message: number, size: number, ground: VerdictGround): number | null {
    const known = this.#bySession.get(message);
    if (known?.ground === ground.digest) return known.verdict.octets;
    const uidl = this.#index.uidl(message);
    return uidl === null ? null : this.#store.octets(this.#mailbox, { uidl, size }, ground);
  }

  /** The messages that are shown with another size, where known. */
  *resized(ground: VerdictGround): Generator<{ message: number; octets: number; size: number }> {
    const stored = Array.from(this.#store.resized(this.#mailbox), (uidl) => this.#index.numberOf(uidl));
    for (const message of new Set([...stored, ...this.#bySession.keys()])) {
      const size = message === null ? null : this.#index.size(message);
      const octets = message === null || size === null ? null : this.octets(message, size, ground);
      if (message !== null && size !== null && octets !== null) yield { message, octets, size };
    }
  }
}
