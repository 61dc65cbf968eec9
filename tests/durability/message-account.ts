import { loadMessageId } from "../support/smtp-load.ts";

/** Counts what was accepted against what arrived. */
export class MessageAccount {
  readonly accepted = new Set<string>();
  readonly #arrived = new Map<string, number>();
  /** Arrived messages that were cut or changed. */
  damaged = 0;
  readonly #name: string;
  #serial = 0;

  constructor(name: string) {
    this.#name = name;
  }

  nextId(): string {
    this.#serial += 1;
    return `${this.#name}-${this.#serial}`;
  }

  arrive(message: string): void {
    const id = loadMessageId(message);
    if (id === null) this.damaged += 1;
    else this.#arrived.set(id, (this.#arrived.get(id) ?? 0) + 1);
  }

  get lost(): string[] {
    return [...this.accepted].filter((id) => !this.#arrived.has(id));
  }

  /** Arrivals beyond the first of each message. */
  get duplicates(): number {
    let count = 0;
    for (const times of this.#arrived.values()) count += times - 1;
    return count;
  }
}
