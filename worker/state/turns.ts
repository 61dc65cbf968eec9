/** Runs what concerns the same key one after the other, and the rest at once. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Resolves or rejects as `work` does, which waits for those before it and not for their success. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(key) ?? Promise.resolve()).then(work, work);
    this.#last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    }
  }

  /** Resolves when everything that has been asked for by now is over. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#last.values());
  }
}
