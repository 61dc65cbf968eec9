import type { Bans } from "../services.ts";
import { clientAddress } from "./client-address.ts";

/** Sources that may be refused at once; past it the ban that ends first gives way. */
export const bannedSourcesMax = 100_000;

/** Sources refused for a while, in memory: a restart forgets them. */
export class SourceBans implements Bans {
  readonly #until = new Map<string, number>();
  readonly #now: () => number;
  readonly #sourcesMax: number;

  constructor(now: () => number, sourcesMax = bannedSourcesMax) {
    this.#now = now;
    this.#sourcesMax = sourcesMax;
  }

  ban(address: string, minutes: number): void {
    const source = clientAddress(address);
    const until = Math.max(this.#now() + minutes * 60_000, this.#until.get(source) ?? 0);
    if (!this.#until.has(source) && this.#until.size >= this.#sourcesMax) this.#makeRoom();
    this.#until.set(source, until);
  }

  /** Whether the source (as `clientAddress` spells it) is refused now. */
  isBanned(source: string): boolean {
    const until = this.#until.get(source);
    if (until === undefined) return false;
    if (until > this.#now()) return true;
    this.#until.delete(source);
    return false;
  }

  #makeRoom(): void {
    let first: string | null = null;
    let firstUntil = Number.POSITIVE_INFINITY;
    for (const [source, until] of this.#until) {
      if (until <= this.#now()) this.#until.delete(source);
      else if (until < firstUntil) [first, firstUntil] = [source, until];
    }
    if (this.#until.size >= this.#sourcesMax && first !== null) this.#until.delete(first);
  }
}
