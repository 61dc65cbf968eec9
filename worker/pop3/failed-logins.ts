/** Logins that may fail from one source within `failedLoginsWindowMs`, over all its sessions; the next one is not passed on. */
export const failedLoginsPerSourceMax = 20;
export const failedLoginsWindowMs = 600_000;
/** Sources remembered; past it the one that began longest ago gives way. */
const sourcesMax = 10_000;

/** Counts failed logins by source, in memory: guessing does not get faster by more sessions. A success forgives nothing. */
export class FailedLogins {
  readonly #now: () => number;
  readonly #bySource = new Map<string, { since: number; count: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  note(source: string): void {
    const known = this.#current(source);
    if (known !== undefined) {
      known.count++;
      return;
    }
    const [oldest] = this.#bySource.keys();
    if (this.#bySource.size >= sourcesMax && oldest !== undefined) this.#bySource.delete(oldest);
    this.#bySource.set(source, { since: this.#now(), count: 1 });
  }

  /** Whether the source has used up its tries for now. */
  tooMany(source: string): boolean {
    return (this.#current(source)?.count ?? 0) >= failedLoginsPerSourceMax;
  }

  #current(source: string): { since: number; count: number } | undefined {
    const known = this.#bySource.get(source);
    if (known === undefined || Math.abs(this.#now() - known.since) < failedLoginsWindowMs) return known;
    this.#bySource.delete(source);
    return undefined;
  }
}
