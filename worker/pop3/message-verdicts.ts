/** Verdicts kept in one session; past it the oldest is forgotten and the message read again when it is asked for. */
export const verdictsMax = 10_000;

/**
 * What a look at the whole message gave. `notice`: what takes its place, not dot-stuffed; null: it may pass, `edited` or as it is. `id` stands
 * in what is shown; `told`: an event carries it.
 */
export type MessageVerdict = {
  revision: number;
  id: string;
  told: boolean;
  notice: Uint8Array | null;
  edited: boolean;
};

/** Verdicts by message number, which mean the same message all through a session (RFC 1939 §5). */
export class MessageVerdicts {
  readonly #verdicts = new Map<number, MessageVerdict>();

  /** Null when none is known that was reached in this revision, or the message has to be edited again. */
  get(message: number, revision: number): MessageVerdict | null {
    const known = this.#verdicts.get(message);
    return known?.revision === revision && !known.edited ? known : null;
  }

  /** The id that TOP showed and no event carries yet, or null. */
  takeId(message: number): string | null {
    const known = this.#verdicts.get(message);
    return known === undefined || known.told ? null : known.id;
  }

  /** The id under which the client knows it, or null. */
  idOf(message: number): string | null {
    return this.#verdicts.get(message)?.id ?? null;
  }

  set(message: number, verdict: MessageVerdict): void {
    this.#verdicts.delete(message);
    this.#verdicts.set(message, verdict);
    const [oldest] = this.#verdicts.keys();
    if (this.#verdicts.size > verdictsMax && oldest !== undefined) this.#verdicts.delete(oldest);
  }
}
