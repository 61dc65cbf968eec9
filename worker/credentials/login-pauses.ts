/** After a login that a server refused, until the next by the same credential: servers lock accounts after a few. Doubles each time. */
export const loginPauseMs = { first: 30_000, max: 900_000 };

type Pause = { until: number; ms: number };

/** Credentials that a server refused lately, by name. */
export class LoginPauses {
  readonly #now: () => number;
  readonly #pauses = new Map<string, Pause>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether it is not tried now. */
  has(credential: string): boolean {
    return this.#now() < (this.#pauses.get(credential)?.until ?? 0);
  }

  refused(credential: string): void {
    // Several may have been under way when the first was refused: that is one refusal.
    if (this.has(credential)) return;
    const { first, max } = loginPauseMs;
    const before = this.#pauses.get(credential);
    const ms = before === undefined ? first : Math.min(before.ms * 2, max);
    this.#pauses.set(credential, { until: this.#now() + ms, ms });
  }

  /** A login went well, or the credential is another now. */
  forget(credential: string): void {
    this.#pauses.delete(credential);
  }
}
