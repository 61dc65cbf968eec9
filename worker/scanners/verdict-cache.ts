import type { ScanResult } from "./scanner.ts";

/** Verdicts that are kept of one scanner; past it the oldest is forgotten. */
export const verdictsMax = 10_000;

type Kept = { result: ScanResult; endsAt: number };

/** What a scanner said of contents, by digest, for a while, and only as long as `key` (its signatures) stays the same. Failures are not kept. */
export class VerdictCache {
  readonly #keepMs: number;
  readonly #now: () => number;
  /** Oldest first. */
  readonly #kept = new Map<string, Kept>();
  #key: string | null = null;

  constructor(keepMs: number, now: () => number) {
    this.#keepMs = keepMs;
    this.#now = now;
  }

  get(key: string, sha256: string): ScanResult | null {
    if (key !== this.#key) return null;
    const kept = this.#kept.get(sha256);
    if (kept === undefined) return null;
    if (this.#now() < kept.endsAt) return kept.result;
    this.#kept.delete(sha256);
    return null;
  }

  put(key: string, sha256: string, result: ScanResult): void {
    if (result.result === "failed") return;
    if (key !== this.#key) this.#kept.clear();
    this.#key = key;
    this.#kept.delete(sha256);
    this.#kept.set(sha256, { result, endsAt: this.#now() + this.#keepMs });
    if (this.#kept.size > verdictsMax) for (const oldest of this.#kept.keys()) return void this.#kept.delete(oldest);
  }

  get size(): number {
    return this.#kept.size;
  }
}
