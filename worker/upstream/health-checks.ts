import type { Route, SmtpRoute, Target } from "#core/contract/policy-document.ts";
import type { SmtpPool } from "./smtp-pool.ts";

const tickMs = 500;
/** Checks under way; those that are due wait for one to end. */
export const checksAtOnceMax = 200;

type HealthChecksOptions = {
  pool: Pick<SmtpPool, "check">;
  /** The routes in force now. */
  routes(): Iterable<Route>;
};

/**
 * Asks the targets of routes with `healthCheckMs` whether they serve (greeting, EHLO, STARTTLS, QUIT) when traffic has not told for that
 * long, so that a target that is down is passed over and one that is back is used again.
 */
export class HealthChecks {
  readonly #options: HealthChecksOptions;
  readonly #running = new Set<string>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: HealthChecksOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.tick(), tickMs).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Begins the checks that are due; each target has at most one under way. */
  tick(): void {
    for (const route of this.#options.routes()) {
      if (route.protocol !== "smtp" || route.healthCheckMs === undefined) continue;
      for (const target of route.targets) this.#check(route, target, route.healthCheckMs);
    }
  }

  #check(route: SmtpRoute, target: Target, everyMs: number): void {
    const key = `${route.name}\n${target.host}\n${target.port}`;
    if (this.#running.has(key) || this.#running.size >= checksAtOnceMax) return;
    this.#running.add(key);
    this.#options.pool.check(route, target, everyMs, () => this.#running.delete(key));
  }
}
