import { isIP, isIPv6 } from "node:net";
import type { Logger } from "pino";
import type { SmtpRoute, Target } from "#core/contract/policy-document.ts";
import { routeTargetsReportedMax } from "#core/contract/report.ts";
import type { SmtpCapabilities } from "#core/smtp/capabilities.ts";
import { ClientTls } from "../tls/client-tls.ts";
import { commonCapabilities } from "./common-capabilities.ts";
import { orderTargets, type Place, placeName, placeOf } from "./place.ts";
import { type RouteState, RouteStates } from "./route-states.ts";
import type { ServerLogin } from "./sasl/server-login.ts";
import type { SmtpConnection } from "./smtp-connection.ts";
import { connectionsPerTargetMax, type LeaseTaker, SmtpTarget } from "./smtp-target.ts";
import { type TargetStatus, untriedTarget } from "./target-health.ts";
import { UpstreamError } from "./upstream-error.ts";

const tickMs = 250;
/** Servers that are remembered; past it, one that is not in use is forgotten. */
export const targetsMax = 2_000;

export type SmtpPoolOptions = {
  log: Logger;
  now(): number;
  /** Counts milliseconds from any beginning and is never set: for deadlines. */
  elapsed?(): number;
  /** From 0 up to but not 1. */
  random(): number;
  /** What we call ourselves where the route does not say. */
  ehloName: string;
  connectionsPerTargetMax?: number;
  clientTls?: ClientTls;
  /** How to log in with a credential; absent: there are no credentials, and a route that names one is not used. */
  login?(credential: string, allowsClearText: boolean): ServerLogin;
  /** Where mail for a domain goes, for routes by MX; absent: nowhere. */
  exchangers?: ExchangerLookup;
};

/** Finds the mail servers of a recipient's domain, best first; exactly one of both is given, perhaps before it returns. */
export interface ExchangerLookup {
  find(domain: string, route: SmtpRoute, done: (error: UpstreamError | null, places: readonly Place[]) => void): void;
}

/** Ready connections to the servers of all routes, opened when they are needed, kept warm and used again. */
export class SmtpPool {
  readonly #options: SmtpPoolOptions;
  readonly #targets = new Map<string, SmtpTarget>();
  /** Who a leased connection goes back to. */
  readonly #owners = new WeakMap<SmtpConnection, SmtpTarget>();
  /** What tells apart connections to one place, by route. */
  readonly #settingKeys = new WeakMap<SmtpRoute, string>();
  /** The servers that a route by MX used last, newest at the end. */
  readonly #exchangersUsed = new Map<string, Set<SmtpTarget>>();
  readonly #clientTls: ClientTls;
  readonly #elapsed: () => number;
  readonly #states: RouteStates;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: SmtpPoolOptions) {
    this.#options = options;
    this.#elapsed = options.elapsed ?? (() => performance.now());
    this.#clientTls = options.clientTls ?? new ClientTls(null);
    this.#states = new RouteStates(options);
  }

  /** Called when a route that was down is reached again. */
  set onRouteReached(taker: (routeName: string) => void) {
    this.#states.onReached = taker;
  }

  /**
   * A connection with greeting, EHLO and login done, from the route's targets or, by MX, the servers of the recipient's `domain`; or
   * the error when none can be had. Its holder sets `onLost` at once and ends with exactly one of `release` and `drop`.
   * `fresh`: not a warm one. May call back before it returns.
   */
  lease(route: SmtpRoute, domain: string, done: LeaseTaker, fresh = false): void {
    if (this.#closed) return done(new UpstreamError("unreachable", route.name, "the worker is stopping"), null);
    if (route.lookup === "targets") {
      return this.#leaseFrom(route, domain, orderTargets(route.targets, this.#options.random), done, fresh);
    }
    const { exchangers } = this.#options;
    if (exchangers === undefined) return done(new UpstreamError("dns", route.name, "no domain is looked up"), null);
    exchangers.find(domain, route, (error, places) => {
      try {
        if (error === null) return this.#leaseFrom(route, domain, places, done, fresh);
        if (!error.isPermanent) this.#states.failed(route, domain, error);
        done(error, null);
      } catch (fault) {
        this.#fault(fault);
      }
    });
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

  /** What the route's targets offered last, as far as all of them do; null when none is known, or the last attempts failed. */
  capabilities(route: SmtpRoute): SmtpCapabilities | null {
    return commonCapabilities(route.targets.flatMap((target) => this.#known(target, route)?.capabilities ?? []));
  }

  /** Asks one of the route's targets whether it serves, when it gave no sign for `idleMs`; route and target state follow. */
  check(route: SmtpRoute, target: Target, idleMs: number, done: () => void): void {
    const asked = this.#target(placeOf(target), route);
    if (this.#closed || Math.abs(this.#options.now() - (asked.checkedAt ?? 0)) < idleMs) return done();
    asked.check(route.connectTimeoutMs, (error) => {
      if (this.#closed) return done();
      if (error === null) this.#states.reached(route);
      else if (this.targetStates(route).every(({ state }) => state === "down")) this.#states.failed(route, "", error);
      done();
    });
  }

  routeState(routeName: string): RouteState {
    return this.#states.get(routeName);
  }

  /** Each target of the route; by MX, the servers that were used last. */
  targetStates(route: SmtpRoute): TargetStatus[] {
    if (route.lookup === "mx") {
      return Array.from(this.#exchangersUsed.get(route.name) ?? [], (target) => target.status()).toReversed();
    }
    return route.targets.map((target) => this.#known(target, route)?.status() ?? untriedTarget(placeOf(target)));
  }

  /** The credential is another now: nobody uses again what was logged in with the one before. */
  credentialChanged(name: string): void {
    const marker = credentialMarker(name);
    for (const [key, target] of this.#targets) if (key.includes(marker)) target.renewLogin();
  }

  /** Cuts every connection; leases and transactions under way fail. */
  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    for (const target of this.#targets.values()) target.close();
    this.#targets.clear();
    this.#exchangersUsed.clear();
  }

  #leaseFrom(route: SmtpRoute, domain: string, places: readonly Place[], done: LeaseTaker, fresh: boolean): void {
    const terms = {
      connectTimeoutMs: route.connectTimeoutMs,
      fresh,
      watched: route.healthCheckMs !== undefined && route.lookup === "targets",
    };
    let worst: UpstreamError | null = null;
    const attempt = (index: number): void => {
      // A lease that fails because the pool closes must not open another connection.
      const place = this.#closed ? undefined : places[index];
      if (place === undefined) {
        const error = worst ?? new UpstreamError("unreachable", route.name, "no target");
        if (!this.#closed) this.#states.failed(route, domain, error);
        return done(error, null);
      }
      const target = this.#target(place, route);
      if (route.lookup === "mx") this.#noteExchanger(route, target);
      target.take(terms, (error, connection) => {
        if (connection !== null) {
          this.#owners.set(connection, target);
          connection.replyTimeoutMs = route.replyTimeoutMs;
          this.#states.reached(route);
          return done(null, connection);
        }
        // A permanent refusal only when every target refuses for good.
        if (worst === null || worst.isPermanent) worst = error;
        attempt(index + 1);
      });
    };
    attempt(0);
  }

  #noteExchanger({ name }: SmtpRoute, target: SmtpTarget): void {
    const used = this.#exchangersUsed.get(name) ?? new Set();
    this.#exchangersUsed.set(name, used);
    used.delete(target);
    used.add(target);
    if (used.size > routeTargetsReportedMax) for (const oldest of used) return void used.delete(oldest);
  }

  #known(target: Target, route: SmtpRoute): SmtpTarget | undefined {
    return this.#targets.get(this.#keyOf(placeOf(target), route));
  }

  #target(place: Place, route: SmtpRoute): SmtpTarget {
    const key = this.#keyOf(place, route);
    let target = this.#targets.get(key);
    if (target === undefined) {
      if (this.#targets.size >= targetsMax) this.#forgetOne();
      target = this.#makeTarget(place, route);
      this.#targets.set(key, target);
    }
    this.#timer ??= setInterval(() => this.#tick(), tickMs).unref();
    return target;
  }

  #makeTarget(place: Place, route: SmtpRoute): SmtpTarget {
    const { ehloName, now, connectionsPerTargetMax: connectionsMax = connectionsPerTargetMax } = this.#options;
    const { tls, heloName = ehloName, sourceAddress = null, credential } = route;
    const login = credential === undefined ? null : this.#login(credential, tls?.mode === "none");
    return new SmtpTarget({
      place,
      // RFC 5321 §4.1.1.1: an address is said as a literal.
      ehloName: isIP(heloName) === 0 ? heloName : addressLiteral(heloName),
      sourceAddress,
      login,
      now: this.#elapsed,
      wallClock: now,
      connectionsMax,
      tls: tls === undefined || tls.mode === "none" ? null : { settings: tls, client: this.#clientTls },
      fault: (error) => this.#fault(error),
    });
  }

  #login(credential: string, allowsClearText: boolean): ServerLogin {
    return this.#options.login?.(credential, allowsClearText) ?? noCredentials;
  }

  /** Connections are shared only where everything about them is the same. */
  #keyOf(place: Place, route: SmtpRoute): string {
    let settings = this.#settingKeys.get(route);
    if (settings === undefined) {
      const { tls, heloName, sourceAddress, credential } = route;
      settings = `${JSON.stringify([tls, heloName, sourceAddress])}${credential === undefined ? "" : credentialMarker(credential)}`;
      this.#settingKeys.set(route, settings);
    }
    return `${placeName(place)} ${settings}`;
  }

  #forgetOne(): void {
    for (const [key, target] of this.#targets) {
      if (!target.isUnused) continue;
      this.#targets.delete(key);
      for (const used of this.#exchangersUsed.values()) used.delete(target);
      return;
    }
  }

  #tick(): void {
    const now = this.#elapsed();
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
}

const noCredentials: ServerLogin = {
  begin: (_offer, done) => done("this worker has no credentials", null),
  refused: () => undefined,
};

function addressLiteral(address: string): string {
  return isIPv6(address) ? `[IPv6:${address}]` : `[${address}]`;
}

/** Names hold no control characters: it cannot be part of anything else. */
function credentialMarker(name: string): string {
  return `\x01${name}\x01`;
}
