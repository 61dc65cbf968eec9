import type { ScannerStatus } from "#core/contract/scanner.ts";
import { HourCount } from "./hour-count.ts";
import type { ScanFailure } from "./scanner.ts";

/** The last verdicts whose median is told. */
export const latenciesKept = 101;

/** How a scanner did lately; times are milliseconds since 1970. */
export class ScanRecord {
  #state: ScannerStatus["state"] = "unknown";
  #lastVerdictAt: number | null = null;
  #lastError: { detail: string; at: number } | null = null;
  readonly #scans = new HourCount();
  readonly #failures = new HourCount();
  readonly #latencies = new Float64Array(latenciesKept);
  #verdicts = 0;

  /** Whether it serves, as far as is known. */
  get state(): ScannerStatus["state"] {
    return this.#state;
  }

  noteVerdict(now: number, ms: number): void {
    this.#state = "up";
    this.#lastVerdictAt = now;
    this.#scans.add(now);
    this.#latencies[this.#verdicts++ % latenciesKept] = ms;
  }

  noteFailure(now: number, failure: ScanFailure): void {
    this.#scans.add(now);
    this.#failures.add(now);
    this.#noteError(now, failure);
  }

  /** It was asked whether it serves. */
  noteCheck(now: number, failure: ScanFailure | null): void {
    if (failure === null) this.#state = "up";
    else this.#noteError(now, failure);
  }

  read(now: number): Omit<ScannerStatus, "scanner" | "version" | "signaturesAt"> {
    return {
      state: this.#state,
      lastVerdictAt: instant(this.#lastVerdictAt),
      lastError: this.#lastError?.detail ?? null,
      lastErrorAt: instant(this.#lastError?.at ?? null),
      scansLastHour: this.#scans.read(now),
      failuresLastHour: this.#failures.read(now),
      medianMs: this.#median(),
    };
  }

  #noteError(now: number, { why, detail }: ScanFailure): void {
    this.#lastError = { detail: `${why}: ${detail}`, at: now };
    if (isOfScanner(why)) this.#state = "failing";
  }

  #median(): number | null {
    if (this.#verdicts === 0) return null;
    const sorted = this.#latencies.slice(0, this.#verdicts).sort();
    return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
  }
}

/** The others are about the content, and say nothing of the next one. */
function isOfScanner(why: ScanFailure["why"]): boolean {
  return why === "timeout" || why === "unreachable" || why === "protocol";
}

function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
