import type { Logger } from "pino";
import type { Route } from "#core/contract/policy-document.ts";

export type RouteState = {
  state: "relaying" | "down" | "unknown";
  /** Since when, as ISO 8601; null: not tried yet. */
  since: string | null;
  lastError: string | null;
};

/** A route by MX counts as down when the servers of this many domains in a row were not reached: one bad domain is not the route's fault. */
export const domainsDownMin = 3;

type Known = RouteState & { domainsDown: Set<string> };

const untried: RouteState = { state: "unknown", since: null, lastError: null };

/** What the last contacts said about each route. */
export class RouteStates {
  /** Called when a route that was down is reached again. */
  onReached: ((routeName: string) => void) | null = null;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();

  constructor({ log, now }: { log: Logger; now(): number }) {
    this.#log = log;
    this.#now = now;
  }

  get(routeName: string): RouteState {
    const { state, since, lastError } = this.#known.get(routeName) ?? untried;
    return { state, since, lastError };
  }

  reached({ name }: Route): void {
    const before = this.#known.get(name);
    if (before?.state === "relaying" && before.domainsDown.size === 0) return;
    const since = this.#sinceOf("relaying", before);
    this.#known.set(name, { state: "relaying", since, lastError: null, domainsDown: new Set() });
    if (before?.state !== "down") return;
    this.#log.info({ route: name }, "route reached again");
    this.onReached?.(name);
  }

  /** No server could be used; `domain` is the recipient's, where the route goes by it. */
  failed(route: Route, domain: string, failure: { target: string; message: string }): void {
    const { name } = route;
    const before = this.#known.get(name);
    const lastError = `${failure.target}: ${failure.message}`;
    const domainsDown = before?.domainsDown ?? new Set();
    // Kept small: past the number it makes no difference.
    if (domainsDown.size < domainsDownMin) domainsDown.add(domain);
    const isByDomain = route.protocol === "smtp" && route.lookup === "mx";
    const isDown = !isByDomain || domainsDown.size >= domainsDownMin;
    const state = isDown ? "down" : (before?.state ?? "unknown");
    if (isDown && before?.state !== "down") this.#log.warn({ route: name, cause: lastError }, "route down");
    this.#known.set(name, { state, since: this.#sinceOf(state, before), lastError, domainsDown });
  }

  #sinceOf(state: RouteState["state"], before: RouteState = untried): string | null {
    return state === before.state ? before.since : new Date(this.#now()).toISOString();
  }
}
