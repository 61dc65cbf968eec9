import type { BlockMove } from "#core/policy/rule-orders.ts";

/** A move, and what is said once it is done. */
export type WaitingMove = { move: BlockMove; words: string };
/** Asks for moves; false: they were refused, and that was told. */
type Send = (moves: BlockMove[], words: string) => Promise<boolean>;

/**
 * Moves in the order in which they were asked for, one request at a time. While one is under way, moves of one block become one: a held key asks
 * faster than a server answers.
 */
export class MoveQueue {
  readonly #send: Send;
  #waiting: WaitingMove[] = [];
  #sending: Promise<void> | null = null;

  constructor(send: Send) {
    this.#send = send;
  }

  /** Settles when nothing waits any more. */
  add(asked: WaitingMove): Promise<void> {
    const last = this.#waiting.at(-1);
    if (last !== undefined && isSameBlock(last.move, asked.move)) this.#waiting.pop();
    this.#waiting.push(asked);
    this.#sending ??= this.#sendAll();
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const asked = this.#waiting;
      this.#waiting = [];
      const moves = asked.map(({ move }) => move);
      const done = await this.#send(moves, asked.at(-1)?.words ?? "");
      // What was asked for meanwhile was meant for an order that is not there.
      if (!done) this.#waiting = [];
    }
    this.#sending = null;
  }
}

function isSameBlock(a: BlockMove, b: BlockMove): boolean {
  return a.ruleIds.length === b.ruleIds.length && a.ruleIds.every((id, n) => id === b.ruleIds[n]);
}
