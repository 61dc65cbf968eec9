import type { Logger } from "pino";
import type { SmtpRoute } from "#core/contract/policy-document.ts";
import type { SmtpCapabilities } from "#core/smtp/capabilities.ts";
import { ClientTls } from "../tls/client-tls.ts";
import type { SmtpConnection, UpstreamTls } from "./smtp-connection.ts";
import { connectionsPerTargetMax, type LeaseTaker, SmtpTarget } from "./smtp-target.ts";
import { UpstreamError } from "./upstream-error.ts";

const tickMs = 250;

export type RouteState = { state: "relaying" | "down" | "unknown"; lastError: string | null };

export type SmtpPoolOptions = {
  log: Logger;
  now(): number;
  ehloName: string;
  connectionsPerTargetMax?: number;
  clientTls?: ClientTls;
};

/** Ready connections to the servers of all routes, opened when they are needed, kept warm and used again. */
export class SmtpPool {
  /** Called when a route whose last lease had failed is reached again. */
  onRouteReached: ((routeName: string) => void) | null = null;
  readonly #options: SmtpPoolOptions;
  readonly #targets = new Map<string, SmtpTarget>();
  /** Who a leased connection goes back to. */
  readonly #owners = new WeakMap<SmtpConnection, SmtpTarget>();
  readonly #clientTls: ClientTls;
  readonly #routes = new Map<string, RouteState>();
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: SmtpPoolOptions) {
    this.#options = options;
    this.#clientTls = options.clientTls ?? new ClientTls(null);
  }

  /**
   * A connection with greeting and EHLO done, from the targets by priority, or the error when none can be had. Its holder
   * sets `onLost` at once and ends with exactly one of `release` and `drop`. `fresh`: not a warm one. May call back before it returns.
   */
  lease(route: SmtpRoute, done: LeaseTaker, fresh = false): void {
    if (this.#closed)
      return done(new UpstreamError("unreachable", route.name, "the worker is stopping", null, null), null);
    const targets = targetsOf(route);
    let worst: UpstreamError | null = null;
    const attempt = (index: number): void => {
      // A lease that fails because the pool closes must not open another connection.
      const place = this.#closed ? undefined : targets[index];
      if (place === undefined) {
        this.#failed(route.name, worst);
        return done(worst, null);
      }
      const target = this.#target(place, route);
      target.take(route.connectTimeoutMs, fresh, (error, connection) => {
        if (connection !== null) {
          this.#owners.set(connection, target);
          connection.replyTimeoutMs = route.replyTimeoutMs;
          this.#reached(route.name);
          return done(null, connection);
        }
        // A permanent refusal only when every target refuses for good.
        if (worst === null || worst.kind === "refused-5xx") worst = error;
        attempt(index + 1);
      });
    };
    attempt(0);
  }

  /** Takes back a connection without an open transaction. */
  release(connection: SmtpConnection): void {
    if (this.#closed) return connection.quit();
    this.#owners.get(connection)?.give(connection);
  }

  /** Cuts a connection, or forgets one that was lost. */
  drop(connection: SmtpConnection): void {
    connection.destroy();
    this.#owners.get(connection)?.drop(connection);
  }

  /** What the route's server offered last, or null when it was never reached or the last attempt failed. */
  capabilities(route: SmtpRoute): SmtpCapabilities | null {
    for (const place of targetsOf(route)) {
      const known = this.#targets.get(keyOf(place, route))?.capabilities ?? null;
      if (known !== null) return known;
    }
    return null;
  }

  routeState(routeName: string): RouteState {
    return this.#routes.get(routeName) ?? { state: "unknown", lastError: null };
  }

  /** Cuts every connection; leases and transactions under way fail. */
  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    for (const target of this.#targets.values()) target.close();
    this.#targets.clear();
  }

  #target(place: Place, route: SmtpRoute): SmtpTarget {
    const key = keyOf(place, route);
    const { host, port } = place;
    let target = this.#targets.get(key);
    const fault = (error: unknown): void => this.#fault(error);
    if (target === undefined) {
      const { ehloName, now, connectionsPerTargetMax: connectionsMax = connectionsPerTargetMax } = this.#options;
      target = new SmtpTarget({ host, port, ehloName, now, connectionsMax, tls: this.#tlsOf(route), fault });
      this.#targets.set(key, target);
    }
    this.#timer ??= setInterval(() => this.#tick(), tickMs).unref();
    return target;
  }

  #tlsOf({ tls }: SmtpRoute): UpstreamTls | null {
    return tls === undefined || tls.mode === "none" ? null : { settings: tls, client: this.#clientTls };
  }

  #tick(): void {
    const now = this.#options.now();
    let used = false;
    for (const target of this.#targets.values()) {
      try {
        target.tick(now);
      } catch (error) {
        this.#fault(error);
      }
      used ||= !target.isUnused;
    }
    if (used || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #fault(error: unknown): void {
    this.#options.log.error({ err: error }, "a fault while an upstream's answer was taken");
  }

  #reached(routeName: string): void {
    const before = this.#routes.get(routeName);
    if (before?.state === "relaying") return;
    this.#routes.set(routeName, { state: "relaying", lastError: null });
    if (before?.state !== "down") return;
    this.#options.log.info({ route: routeName }, "route reached again");
    this.onRouteReached?.(routeName);
  }

  #failed(routeName: string, error: UpstreamError | null): void {
    const before = this.#routes.get(routeName);
    const lastError = error === null ? "no target" : `${error.target}: ${error.message}`;
    if (before?.state !== "down") this.#options.log.warn({ route: routeName, cause: lastError }, "route down");
    this.#routes.set(routeName, { state: "down", lastError });
  }
}

type Place = { host: string; port: number };

/** Connections are shared only where the same was asked of their TLS. */
function keyOf({ host, port }: Place, { tls }: SmtpRoute): string {
  return tls === undefined || tls.mode === "none" ? `${host}:${port}` : `${host}:${port} ${JSON.stringify(tls)}`;
}

/** Lower priority first; equals in the order they are written. */
function targetsOf(route: SmtpRoute): SmtpRoute["targets"] {
  return route.targets.length === 1 ? route.targets : [...route.targets].sort((a, b) => a.priority - b.priority);
}
