/** Messages that may wait at once for an answer that can be there any moment. */
const freshMax = 2;
/** A server that has not answered after this is busy with the message itself: the next one need not wait for it. */
const freshMs = 1;

type Turn = { send(): void; timer: NodeJS.Timeout | null };

/**
 * Lets messages be ended in turns: each final dot once the one before it is answered, or was out for a moment. A kill between a server's
 * answer and our note of it repeats that message (RFC 1047); without turns the answers of all connections pile up unread while we are busy.
 * Nothing is waited for that would not wait in our own event loop, and a slow server has as many at once as there are attempts.
 */
export class FinalDots {
  readonly #waiting = new Set<Turn>();
  /** On their way since a moment only. */
  readonly #fresh = new Set<Turn>();

  /** Calls `send` when it is its turn, perhaps before it returns. Call what it gives once the answer is there, or nobody waits for it any more. */
  enter(send: () => void): () => void {
    const turn: Turn = { send, timer: null };
    this.#waiting.add(turn);
    this.#next();
    return () => this.#leave(turn);
  }

  #next(): void {
    for (const turn of this.#waiting) {
      if (this.#fresh.size >= freshMax) return;
      this.#waiting.delete(turn);
      this.#fresh.add(turn);
      // Behind the reading of what came meanwhile: after a long turn of the event loop its answer may be there unread.
      turn.timer = setTimeout(() => setImmediate(() => this.#leave(turn)), freshMs);
      turn.send();
    }
  }

  #leave(turn: Turn): void {
    if (turn.timer !== null) clearTimeout(turn.timer);
    this.#waiting.delete(turn);
    if (this.#fresh.delete(turn)) this.#next();
  }
}
