/** The same refusal of the same source is told once in this time: a flood of connections must not become a flood of events. */
const tellEveryMs = 10_000;
const entriesMax = 10_000;

/** Remembers which refusals were told lately. */
export class RefusalRepeats {
  readonly #told = new Map<string, { at: number; untold: number }>();

  /** Takes note of one more: null when it need not be told now, else how many since the last that was. */
  count(what: string, now: number): number | null {
    const told = this.#told.get(what);
    if (told !== undefined && now - told.at < tellEveryMs) {
      told.untold++;
      return null;
    }
    // Told anew it becomes the youngest; the oldest gives way.
    this.#told.delete(what);
    const [oldest] = this.#told.keys();
    if (this.#told.size >= entriesMax && oldest !== undefined) this.#told.delete(oldest);
    this.#told.set(what, { at: now, untold: 0 });
    return told?.untold ?? 0;
  }
}
