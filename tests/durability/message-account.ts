import type { Answer, Taken } from "../support/flapping-sink.ts";
import { loadMessageId } from "../support/smtp-load.ts";

/** Counts what was accepted against what arrived. */
export class MessageAccount {
  readonly accepted = new Set<string>();
  readonly #arrived = new Map<string, Taken[]>();
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

  arrive(message: string, taken: Taken): void {
    const id = loadMessageId(message);
    if (id === null) this.damaged += 1;
    else this.#arrived.set(id, [...(this.#arrived.get(id) ?? []), taken]);
  }

  get lost(): string[] {
    return [...this.accepted].filter((id) => !this.#arrived.has(id));
  }

  /** Arrivals after which the message came once more, by what became of their answers. */
  get repeated(): Record<Answer, number> {
    const count = { sent: 0, unsent: 0, unread: 0 };
    for (const arrivals of this.#arrived.values()) for (const { answer } of arrivals.slice(0, -1)) count[answer] += 1;
    return count;
  }
}
