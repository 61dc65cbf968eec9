import type { SmtpRoute } from "#core/contract/policy-document.ts";
import { RateWindow } from "../net/rate-window.ts";
import { steadyClock } from "../state/steady-clock.ts";

/** Attempts at once to one route by MX: a domain whose servers are silent must not hold up the others. */
export const attemptsByDomainMax = 100;
/** Attempts at once to one destination, where its route says nothing. */
export const attemptsPerDestinationMax = { targets: 20, mx: 10 };

type Paced = Pick<SmtpRoute, "lookup" | "concurrencyMax" | "messagesPerMinute">;

/** How much may be under way to a destination, and how much begin in a minute. A route that the policy no longer names is null. */
export class DestinationPace {
  /** What was begun for each destination in the last minute. */
  readonly #begun: RateWindow;

  constructor(now: () => number) {
    this.#begun = new RateWindow(steadyClock(now));
  }

  began(key: string, route: Paced | null): void {
    if (route?.messagesPerMinute !== undefined) this.#begun.take(key, route.messagesPerMinute);
  }

  /** Whether what its route lets through in a minute is through. */
  isFull(key: string, route: Paced | null): boolean {
    return route?.messagesPerMinute !== undefined && this.#begun.isFull(key, route.messagesPerMinute);
  }

  /** Attempts at once to one destination of the route. */
  attemptsPerDestination(route: Paced | null): number {
    return route?.concurrencyMax ?? attemptsPerDestinationMax[route?.lookup ?? "targets"];
  }

  /** Attempts at once to the route. */
  attempts(route: Paced | null): number {
    return route?.lookup === "mx" ? attemptsByDomainMax : this.attemptsPerDestination(route);
  }
}
