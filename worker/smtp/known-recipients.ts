import { join } from "node:path";
import type { Logger } from "pino";
import { LineLog } from "../state/line-log.ts";

/** Recipients remembered, about 50 MB; past it the one that took mail longest ago is forgotten. */
export const knownRecipientsMax = 500_000;
const dayMs = 86_400_000;

/** Which recipients a route's server took, and on which day last, over restarts: who is worth mail while the server cannot be asked. */
export class KnownRecipients {
  readonly #now: () => number;
  readonly #file: LineLog;
  /** Days since 1970, by route and address; the latest last. */
  readonly #days = new Map<string, number>();

  constructor({ stateDir, log, now }: { stateDir: string; log: Logger; now(): number }) {
    this.#now = now;
    const remembered = () => Array.from(this.#days, ([key, day]) => `${day} ${key}`);
    this.#file = new LineLog(join(stateDir, "known-recipients"), { log, remembered });
    this.#file.load((line) => {
      const [, day = "", key = ""] = /^(gone|\d{1,6}) (.+)$/s.exec(line) ?? [];
      if (day === "gone") this.#days.delete(key);
      else if (key !== "") this.#put(key, Number(day));
    });
  }

  /** The server took it just now. Written once a day for each. */
  note(route: string, address: string): void {
    const key = keyOf(route, address);
    const today = Math.floor(this.#now() / dayMs);
    if (this.#days.get(key) === today) return;
    this.#put(key, today);
    this.#file.add(`${today} ${key}`);
  }

  /** The server does not know it any more. */
  forget(route: string, address: string): void {
    const key = keyOf(route, address);
    if (!this.#days.delete(key)) return;
    this.#file.add(`gone ${key}`);
  }

  /** Whether the server took it within so many days. */
  tookWithin(route: string, address: string, days: number): boolean {
    const day = this.#days.get(keyOf(route, address));
    return day !== undefined && this.#now() / dayMs - day < days;
  }

  /** Resolves once the last one is on disk. */
  close(): Promise<void> {
    return this.#file.close();
  }

  #put(key: string, day: number): void {
    this.#days.delete(key);
    this.#days.set(key, day);
    const [oldest] = this.#days.keys();
    if (this.#days.size > knownRecipientsMax && oldest !== undefined) this.#days.delete(oldest);
  }
}

/** One line of a file, whatever the address holds. */
function keyOf(route: string, address: string): string {
  return JSON.stringify([route, address]);
}
