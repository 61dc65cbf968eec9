import type { RouteStatus } from "#core/contract/report.ts";
import { type Place, placeName } from "./place.ts";

/** After a timeout or a TLS failure, for how long a server is passed over at once instead of waiting for the same timeout; it is probed meanwhile. */
export const downMemoryMs = 10_000;
/** A server that is down is not probed more often. */
const probeEveryMs = 1_000;

export type TargetStatus = RouteStatus["targets"][number];
type Known = Pick<TargetStatus, "state" | "lastError" | "checkedAt">;

/** What the last contacts with one server said, and whether the next one is worth a try. `Failure`: why it could not be used. */
export class TargetHealth<Failure extends { readonly message: string }> {
  readonly #now: () => number;
  #checkedAt: number | null = null;
  #lastFailure: Failure | null = null;
  #passedOverUntil = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Milliseconds since 1970 of the last sign of life or failure; null: never tried. */
  get checkedAt(): number | null {
    return this.#checkedAt;
  }

  /** A server that is passed over may be asked again whether it is back. */
  get isProbeDue(): boolean {
    return Math.abs(this.#now() - (this.#checkedAt ?? 0)) >= probeEveryMs;
  }

  /** It was heard, whatever it said: it is not due for a check. */
  heard(): void {
    this.#checkedAt = this.#now();
  }

  alive(): void {
    this.heard();
    this.#lastFailure = null;
  }

  /** `isSlow`: it cost a timeout, which the next one is spared for a while. */
  failed(failure: Failure, isSlow: boolean): void {
    this.heard();
    this.#lastFailure = failure;
    this.#passedOverUntil = isSlow ? this.#now() + downMemoryMs : 0;
  }

  /** Why it is passed over now; null: it may be tried. `watched`: health checks find out when it is back; until then it is passed over. */
  passedOver(watched: boolean): Failure | null {
    const leftMs = this.#passedOverUntil - this.#now();
    // More is left than there can be: the clock was set back.
    return watched || (leftMs > 0 && leftMs <= downMemoryMs) ? this.#lastFailure : null;
  }

  /** `refusal`: another reason why it cannot be used, for which it counts as down. */
  status(refusal: Failure | null = null): Known {
    const failure = refusal ?? this.#lastFailure;
    return {
      state: this.#checkedAt === null ? "unknown" : failure === null ? "up" : "down",
      lastError: failure?.message ?? null,
      checkedAt: this.#checkedAt === null ? null : new Date(this.#checkedAt).toISOString(),
    };
  }
}

/** For reports: a server that nothing is known of. */
export function untriedTarget(place: Place): TargetStatus {
  return {
    target: placeName(place),
    state: "unknown",
    lastError: null,
    checkedAt: null,
    connections: 0,
    strippedKeywords: [],
  };
}
