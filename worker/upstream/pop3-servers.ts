import type { Logger } from "pino";
import { pop3LimitsSchema } from "#core/contract/limits.ts";
import type { Pop3Route, Target } from "#core/contract/policy-document.ts";
import { ClientTls } from "../tls/client-tls.ts";
import { orderTargets, type Place, placeName, placeOf } from "./place.ts";
import type { ServerLimits } from "./pop3-connection.ts";
import type { ContactFailure, Pop3Attempt, Pop3Contact } from "./pop3-contact.ts";
import { Pop3Target, type ReachTerms } from "./pop3-target.ts";
import { type RouteState, RouteStates } from "./route-states.ts";
import { downMemoryMs, type TargetStatus, untriedTarget } from "./target-health.ts";

/** Servers that are remembered; past it, one that is not in use is forgotten. */
export const pop3TargetsMax = 2_000;

export type Pop3ServersOptions = {
  log: Logger;
  now(): number;
  /** From 0 up to but not 1. */
  random(): number;
  clientTls?: ClientTls;
};

/** One sentence a target that says why not, or the contact. */
type Connected = (reasons: string[], contact: Pop3Contact | null) => void;

/** The POP3 servers of all routes: who serves, who is passed over, and what they said they can. Each session has a connection of its own. */
export class Pop3Servers {
  readonly #options: Pop3ServersOptions;
  readonly #clientTls: ClientTls;
  readonly #states: RouteStates;
  readonly #targets = new Map<string, Pop3Target>();
  readonly #capabilities = new Map<string, readonly string[] | null>();
  #closed = false;

  constructor(options: Pop3ServersOptions) {
    this.#options = options;
    this.#clientTls = options.clientTls ?? new ClientTls(null);
    this.#states = new RouteStates(options);
  }

  /**
   * Connects to the route's targets, by priority and weight, until one greets with +OK and speaks the TLS that the route asks for. One that
   * was too slow lately is passed over. `done` is called once, never before this returns; its taker sets `onLost` of the connection at
   * once and ends with `destroy`.
   */
  connect(route: Pop3Route, limits: ServerLimits, done: Connected): Pop3Attempt {
    const targets = orderTargets(route.targets, this.#options.random).map((place) => this.#target(place, route));
    const terms = this.#terms(route, limits);
    const failures: ContactFailure[] = [];
    let current: Pop3Attempt | null = null;
    const attempt = (): void => {
      for (let target = targets.shift(); target !== undefined; target = targets.shift()) {
        const down = this.#passedOver(target, route, terms);
        if (down === null) {
          current = target.reach(terms, reached);
          return;
        }
        failures.push(down);
      }
      const [first] = failures;
      if (first !== undefined) this.#states.failed(route, "", first);
      this.#give(done, failures, null);
    };
    const reached = (failure: ContactFailure | null, contact: Pop3Contact | null): void => {
      if (failure !== null) failures.push(failure);
      if (contact === null) return attempt();
      this.#states.reached(route);
      this.#give(done, failures, contact);
    };
    const start = setImmediate(attempt);
    return {
      cancel: () => {
        clearImmediate(start);
        current?.cancel();
      },
    };
  }

  /**
   * What the route's servers said last that they can before a login. Null: they know no CAPA. Undefined: not asked yet; one is then asked for
   * the sake of who wants to know next.
   */
  lastCapabilities(route: Pop3Route): readonly string[] | null | undefined {
    const known = this.#capabilities.get(route.name);
    const [first] = route.targets;
    if (known === undefined && first !== undefined) this.check(route, first, downMemoryMs, () => undefined);
    return known;
  }

  /** Asks one of the route's targets whether it serves, when it gave no sign for `idleMs`; route and target state follow. */
  check(route: Pop3Route, place: Target, idleMs: number, done: () => void): void {
    const target = this.#target(placeOf(place), route);
    const { checkedAt } = target.health;
    if (this.#closed || target.isChecking || Math.abs(this.#options.now() - (checkedAt ?? 0)) < idleMs) return done();
    target.check(this.#terms(route, pop3LimitsSchema.parse({})), (failure) => {
      this.#checked(route, failure);
      done();
    });
  }

  routeState(routeName: string): RouteState {
    return this.#states.get(routeName);
  }

  targetStates(route: Pop3Route): TargetStatus[] {
    return route.targets.map((target) => {
      const place = placeOf(target);
      return this.#targets.get(keyOf(place, route))?.status() ?? untriedTarget(place);
    });
  }

  /** Ends what no session holds. */
  close(): void {
    this.#closed = true;
    for (const target of this.#targets.values()) target.close();
  }

  /** Why it is passed over; it is asked meanwhile whether it is back, without anyone waiting. */
  #passedOver(target: Pop3Target, route: Pop3Route, terms: ReachTerms): ContactFailure | null {
    const failure = target.health.passedOver(route.healthCheckMs !== undefined);
    if (failure !== null && target.health.isProbeDue && !target.isChecking && !this.#closed) {
      target.check(terms, (result) => this.#checked(route, result));
    }
    return failure;
  }

  #checked(route: Pop3Route, failure: ContactFailure | null): void {
    if (failure === null) this.#states.reached(route);
    else if (this.targetStates(route).every(({ state }) => state === "down")) this.#states.failed(route, "", failure);
  }

  #terms({ name, connectTimeoutMs, replyTimeoutMs }: Pop3Route, limits: ServerLimits): ReachTerms {
    const noted = (lines: readonly string[] | null): void => void this.#capabilities.set(name, lines);
    return { connectTimeoutMs, replyTimeoutMs, limits, noted };
  }

  /** What fails with the taker costs its session, not the worker. */
  #give(done: Connected, failures: readonly ContactFailure[], contact: Pop3Contact | null): void {
    try {
      done(
        failures.map(({ target, message }) => `${target}: ${message}`),
        contact,
      );
    } catch (error) {
      contact?.connection.destroy();
      if (contact?.connection.onFault) contact.connection.onFault(error);
      else this.#fault(error);
    }
  }

  #target(place: Place, route: Pop3Route): Pop3Target {
    const { tls, sourceAddress = null } = route;
    const key = keyOf(place, route);
    let target = this.#targets.get(key);
    if (target === undefined) {
      if (this.#targets.size >= pop3TargetsMax) this.#forgetOne();
      target = new Pop3Target({
        place,
        sourceAddress,
        tls: tls === undefined || tls.mode === "none" ? null : { settings: tls, client: this.#clientTls },
        now: this.#options.now,
        fault: (error) => this.#fault(error),
      });
      this.#targets.set(key, target);
    }
    return target;
  }

  #forgetOne(): void {
    for (const [key, target] of this.#targets) if (target.isUnused) return void this.#targets.delete(key);
  }

  #fault(error: unknown): void {
    this.#options.log.error({ err: error }, "a fault while a mailbox server's answer was taken");
  }
}

/** A server that is spoken to in another way is another one. */
function keyOf(place: Place, { tls, sourceAddress }: Pop3Route): string {
  return `${placeName(place)} ${JSON.stringify([tls, sourceAddress])}`;
}
