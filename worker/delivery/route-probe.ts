import type { SmtpRoute } from "#core/contract/policy-document.ts";
import type { SmtpPool } from "../upstream/smtp-pool.ts";

const firstWaitMs = 2_000;
const waitMaxMs = 30_000;

type Probe = { at: number; waitMs: number; running: boolean };

/** Asks the server of a route that was down whether it is back, so that its queue need not wait for its schedule. */
export class RouteProbes {
  readonly #pool: Pick<SmtpPool, "lease" | "release">;
  readonly #now: () => number;
  readonly #probes = new Map<string, Probe>();

  constructor(pool: Pick<SmtpPool, "lease" | "release">, now: () => number) {
    this.#pool = pool;
    this.#now = now;
  }

  /** Call often while the route has messages that reached no server; calls `reached` when a server greets. */
  ask(route: SmtpRoute, reached: () => void): void {
    const probe = this.#probes.get(route.name) ?? {
      at: this.#now() + firstWaitMs,
      waitMs: firstWaitMs,
      running: false,
    };
    this.#probes.set(route.name, probe);
    const leftMs = probe.at - this.#now();
    // More is left than there can be: the clock was set back.
    if (probe.running || (leftMs > 0 && leftMs <= waitMaxMs)) return;
    probe.running = true;
    this.#pool.lease(route, "", (_error, connection) => {
      probe.running = false;
      if (connection === null) {
        probe.waitMs = Math.min(probe.waitMs * 1.5, waitMaxMs);
        probe.at = this.#now() + probe.waitMs;
        return;
      }
      this.#pool.release(connection);
      this.#probes.delete(route.name);
      reached();
    });
  }

  /** The route needs no probe any more. */
  forget(route: string): void {
    if (this.#probes.get(route)?.running !== true) this.#probes.delete(route);
  }
}
