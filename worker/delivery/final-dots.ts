/** Messages that were answered for each one more that may be out without an answer: what a kill repeats stays few of many. */
export const answeredPerDot = 250;
/** A server that has not answered after this is busy with the message itself: the next one need not wait for it. */
const freshMs = 5;

type Turn = { send(): void; timer: NodeJS.Timeout | null };

/**
 * Lets messages be ended in turns. A kill between a server's answer and our note of it repeats that message (RFC 1047), and while we are busy,
 * most of all after a start, the answers of all connections pile up unread. So a final dot goes once the one before it is answered, or was
 * out for a moment; the more were answered, the more may be out at once. A slow server has as many as there are attempts.
 */
export class FinalDots {
  readonly #waiting = new Set<Turn>();
  /** Out since a moment only. */
  readonly #fresh = new Set<Turn>();
  #answered = 0;

  /** Calls `send` when it is its turn, perhaps before it returns. Call what it gives once the answer is there, or nobody waits for it any more. */
  enter(send: () => void): () => void {
    const turn: Turn = { send, timer: null };
    this.#waiting.add(turn);
    this.#next();
    return () => {
      this.#answered++;
      this.#leave(turn);
    };
  }

  #next(): void {
    for (const turn of this.#waiting) {
      if (this.#fresh.size > this.#answered / answeredPerDot) return;
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
