import { type Ban, bansReportedMax } from "#core/contract/ban.ts";
import type { BanRequest, Bans } from "../services.ts";
import { canonicalAddress } from "./client-address.ts";

/** Sources that may be refused at once, about 25 MB; past it the hundredth of them that ends first gives way. */
export const bannedSourcesMax = 100_000;
const reasonCharactersMax = 500;

type Refused = { since: number; until: number; reason: string; by: Ban["by"] };

/** Sources refused for a while, and why. */
export class SourceBans implements Bans {
  /** Called after a ban or a lift; not when one ends by itself. */
  onChange: () => void = () => undefined;
  readonly #refused = new Map<string, Refused>();
  readonly #now: () => number;
  readonly #sourcesMax: number;

  constructor(now: () => number, sourcesMax = bannedSourcesMax) {
    this.#now = now;
    this.#sourcesMax = sourcesMax;
  }

  /** Sources that are refused now. */
  get count(): number {
    this.#forgetEnded();
    return this.#refused.size;
  }

  /** The longer of two bans stands, with its reason; false: this was not it. */
  ban(address: string, { minutes, reason, by }: BanRequest): boolean {
    const now = this.#now();
    return this.#add(address, { since: now, until: now + minutes * 60_000, reason, by });
  }

  /** Takes up a ban of before a restart, unless it has ended. */
  restore({ address, since, until, reason, by }: Ban): void {
    const ban = { since: Date.parse(since), until: Date.parse(until), reason, by };
    if (ban.until > this.#now()) this.#add(address, ban);
  }

  #add(address: string, { since, until, reason, by }: Refused): boolean {
    const source = canonicalAddress(address);
    if (source === null) return false;
    const before = this.#current(source);
    if (before !== undefined && before.until >= until) return false;
    if (before === undefined && this.#refused.size >= this.#sourcesMax) this.#makeRoom();
    const kept = { since: before?.since ?? since, until, reason: reason.slice(0, reasonCharactersMax), by };
    this.#refused.set(source, kept);
    this.onChange();
    return true;
  }

  /** Takes the source again from now on; false: it was not refused. */
  lift(address: string): boolean {
    const source = canonicalAddress(address);
    if (source === null || this.#current(source) === undefined) return false;
    this.#refused.delete(source);
    this.onChange();
    return true;
  }

  /** Whether the source (as `clientAddress` spells it) is refused now. */
  isBanned(source: string): boolean {
    return this.#current(source) !== undefined;
  }

  /** At most `most` of them, the soonest to end first. */
  list(most = bansReportedMax): Ban[] {
    this.#forgetEnded();
    const last = this.#endOf(most);
    const soonest: [string, Refused][] = [];
    for (const entry of this.#refused) if (entry[1].until <= last) soonest.push(entry);
    soonest.sort(([, a], [, b]) => a.until - b.until);
    return soonest.slice(0, most).map(([address, { since, until, reason, by }]) => ({
      address,
      since: new Date(since).toISOString(),
      until: new Date(until).toISOString(),
      reason,
      by,
    }));
  }

  #current(source: string): Refused | undefined {
    const refused = this.#refused.get(source);
    if (refused === undefined || refused.until > this.#now()) return refused;
    this.#refused.delete(source);
    return undefined;
  }

  #forgetEnded(): void {
    const now = this.#now();
    for (const [source, { until }] of this.#refused) {
      if (until <= now) this.#refused.delete(source);
    }
  }

  /** Many at once: a flood of new sources must not pay for a search each. */
  #makeRoom(): void {
    this.#forgetEnded();
    if (this.#refused.size < this.#sourcesMax) return;
    let many = Math.ceil(this.#sourcesMax / 100);
    const last = this.#endOf(many);
    for (const [source, { until }] of this.#refused) {
      if (until <= last && many-- > 0) this.#refused.delete(source);
    }
  }

  /** When the last of the first `many` ends; numbers alone sort fast. */
  #endOf(many: number): number {
    if (this.#refused.size <= many) return Number.POSITIVE_INFINITY;
    const ends = Float64Array.from(this.#refused.values(), ({ until }) => until).sort();
    return ends[many - 1] ?? Number.POSITIVE_INFINITY;
  }
}
