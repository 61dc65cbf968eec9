import type { Route, Target } from "#core/contract/policy-document.ts";
import type { Pop3Servers } from "./pop3-servers.ts";
import type { SmtpPool } from "./smtp-pool.ts";

const tickMs = 500;
/** Checks under way; those that are due wait for one to end. */
export const checksAtOnceMax = 200;

type HealthChecksOptions = {
  smtp: Pick<SmtpPool, "check">;
  pop3: Pick<Pop3Servers, "check">;
  /** The routes in force now. */
  routes(): Iterable<Route>;
};

/**
 * Asks the targets of routes with `healthCheckMs` whether they serve (greeting, EHLO, STARTTLS, QUIT; for POP3 greeting, STLS, CAPA, QUIT)
 * when traffic has not told for that long, so that a target that is down is passed over and one that is back is used again.
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
      if (route.healthCheckMs === undefined) continue;
      for (const target of route.targets) this.#check(route, target, route.healthCheckMs);
    }
  }

  #check(route: Route, target: Target, everyMs: number): void {
    const key = `${route.name}\n${target.host}\n${target.port}`;
    if (this.#running.has(key) || this.#running.size >= checksAtOnceMax) return;
    this.#running.add(key);
    const done = (): void => void this.#running.delete(key);
    if (route.protocol === "smtp") this.#options.smtp.check(route, target, everyMs, done);
    else this.#options.pop3.check(route, target, everyMs, done);
  }
}
