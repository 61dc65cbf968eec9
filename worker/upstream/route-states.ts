import type { Logger } from "pino";
import type { Route } from "#core/contract/policy-document.ts";

export type RouteState = { state: "relaying" | "down" | "unknown"; lastError: string | null };

/** A route by MX counts as down when the servers of this many domains in a row were not reached: one bad domain is not the route's fault. */
export const domainsDownMin = 3;

type Known = RouteState & { domainsDown: Set<string> };

/** What the last contacts said about each route. */
export class RouteStates {
  /** Called when a route that was down is reached again. */
  onReached: ((routeName: string) => void) | null = null;
  readonly #log: Logger;
  readonly #known = new Map<string, Known>();

  constructor(log: Logger) {
    this.#log = log;
  }

  get(routeName: string): RouteState {
    const { state, lastError } = this.#known.get(routeName) ?? { state: "unknown", lastError: null };
    return { state, lastError };
  }

  reached({ name }: Route): void {
    const before = this.#known.get(name);
    if (before?.state === "relaying" && before.domainsDown.size === 0) return;
    this.#known.set(name, { state: "relaying", lastError: null, domainsDown: new Set() });
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
    this.#known.set(name, { state, lastError, domainsDown });
  }
}
