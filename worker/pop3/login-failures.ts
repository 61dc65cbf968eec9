import type { Pop3Limits } from "#core/contract/limits.ts";
import { sourceNetwork } from "../net/source-network.ts";

/** Sources, and users, whose failed logins are counted; past it the one that began longest ago gives way. */
export const countedSourcesMax = 20_000;
export const countedUsersMax = 20_000;
/** Users whose sources are remembered, and sources of each; past it the one that was silent longest gives way. */
export const knownUsersMax = 10_000;
export const knownSourcesPerUserMax = 20;
/** How long a source is remembered from which a user logged in. */
export const knownSourceMs = 30 * 86_400_000;
/** Of a user's name; longer ones are counted by what fits. */
const nameCharactersMax = 256;

/** How long the slowest failure of late sets the time for all, and how many steps it may set. */
export const slowFailureMs = 600_000;
export const slowStepsMax = 5;

/** source: it has used up its tries. user: the user's are, and did not log in from here before. */
export type LoginRefusal = "source" | "user";

type FailureLimits = Pick<
  Pop3Limits,
  "loginFailuresPerSourceMax" | "loginFailuresPerUserMax" | "loginFailureMinutes" | "loginBanMinutes"
>;

/**
 * Counts failed logins over all sessions, by source (of IPv6 the /64) and by user, in memory. A success forgives nothing, and whether a user exists makes no
 * difference anywhere. Who guesses a user's password cannot lock the user out where the user logged in before.
 */
export class LoginFailures {
  readonly #bySource: FailureCounts;
  readonly #byUser: FailureCounts;
  readonly #known: KnownSources;
  readonly #now: () => number;
  #slowest = { steps: 1, at: Number.NEGATIVE_INFINITY };

  constructor(now: () => number) {
    this.#now = now;
    this.#bySource = new FailureCounts(now, countedSourcesMax);
    this.#byUser = new FailureCounts(now, countedUsersMax);
    this.#known = new KnownSources(now);
  }

  /** Why a login must not be tried now, or null. `user` null: who it is will not be known. */
  refusal(source: string, user: string | null, limits: FailureLimits): LoginRefusal | null {
    const { loginFailuresPerSourceMax, loginFailuresPerUserMax, loginFailureMinutes } = limits;
    const network = sourceNetwork(source);
    if (this.#bySource.count(network, loginFailureMinutes) >= loginFailuresPerSourceMax) return "source";
    if (user === null || this.#known.has(nameOf(user), network)) return null;
    return this.#byUser.count(nameOf(user), loginFailureMinutes) >= loginFailuresPerUserMax ? "user" : null;
  }

  /** A login failed. True: with it the source has used up its tries. */
  note(source: string, user: string | null, limits: FailureLimits): boolean {
    const { loginFailuresPerSourceMax, loginFailureMinutes } = limits;
    if (user !== null) this.#byUser.add(nameOf(user), loginFailureMinutes);
    return this.#bySource.add(sourceNetwork(source), loginFailureMinutes) === loginFailuresPerSourceMax;
  }

  succeeded(source: string, user: string): void {
    this.#known.add(nameOf(user), sourceNetwork(source));
  }

  /**
   * How long after its begin a login that failed after `passedMs` is answered: in whole steps, and as late as the slowest of late, so that
   * what fails without asking a server takes as long as what a slow server refuses.
   */
  answerAfterMs(passedMs: number, stepMs: number): number {
    const now = this.#now();
    if (Math.abs(now - this.#slowest.at) >= slowFailureMs) this.#slowest = { steps: 1, at: now };
    const steps = Math.min(slowStepsMax, Math.ceil(passedMs / stepMs));
    if (steps >= this.#slowest.steps) this.#slowest = { steps: Math.max(1, steps), at: now };
    return this.#slowest.steps * stepMs;
  }
}

/** Servers differ in whether case counts: guesses must not count anew for each way of writing a name. */
function nameOf(user: string): string {
  return user.slice(0, nameCharactersMax).toLowerCase();
}

/** Failures by key, each key's from its first on for so many minutes. */
class FailureCounts {
  readonly #now: () => number;
  readonly #keysMax: number;
  readonly #counts = new Map<string, { since: number; count: number }>();

  constructor(now: () => number, keysMax: number) {
    this.#now = now;
    this.#keysMax = keysMax;
  }

  count(key: string, minutes: number): number {
    return this.#current(key, minutes)?.count ?? 0;
  }

  add(key: string, minutes: number): number {
    const known = this.#current(key, minutes);
    if (known !== undefined) return ++known.count;
    const [oldest] = this.#counts.keys();
    if (this.#counts.size >= this.#keysMax && oldest !== undefined) this.#counts.delete(oldest);
    this.#counts.set(key, { since: this.#now(), count: 1 });
    return 1;
  }

  #current(key: string, minutes: number): { since: number; count: number } | undefined {
    const known = this.#counts.get(key);
    // A clock that was set back forgives, too.
    if (known === undefined || Math.abs(this.#now() - known.since) < minutes * 60_000) return known;
    this.#counts.delete(key);
    return undefined;
  }
}

/** From where users logged in. */
class KnownSources {
  readonly #now: () => number;
  readonly #users = new Map<string, Map<string, number>>();

  constructor(now: () => number) {
    this.#now = now;
  }

  has(user: string, source: string): boolean {
    const at = this.#users.get(user)?.get(source);
    return at !== undefined && this.#now() - at < knownSourceMs;
  }

  add(user: string, source: string): void {
    const sources = this.#users.get(user) ?? new Map<string, number>();
    // Set anew they become the youngest.
    sources.delete(source);
    sources.set(source, this.#now());
    dropOldest(sources, knownSourcesPerUserMax);
    this.#users.delete(user);
    this.#users.set(user, sources);
    dropOldest(this.#users, knownUsersMax);
  }
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
