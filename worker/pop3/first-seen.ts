import { join } from "node:path";
import type { Logger } from "pino";
import { LineLog } from "../state/line-log.ts";

/** Messages remembered, about 50 MB; past it the one that its mailbox showed longest ago is forgotten, and counts from the next time. */
export const firstSeenMax = 500_000;

/** When a mailbox first showed a message to us, by UIDL, over sessions, revisions and restarts. Seconds since 1970 inside, milliseconds outside. */
export class FirstSeen {
  readonly #now: () => number;
  readonly #file: LineLog;
  readonly #seconds = new Map<string, number>();

  constructor({ stateDir, log, now }: { stateDir: string; log: Logger; now(): number }) {
    this.#now = now;
    const remembered = () => Array.from(this.#seconds, ([key, seconds]) => `${seconds} ${key}`);
    this.#file = new LineLog(join(stateDir, "mailbox-first-seen"), { log, remembered });
    this.#file.load((line) => {
      const [, seconds = "", key = ""] = /^(\d{1,11}) ([\x21-\x7e]+ [\x21-\x7e]+)$/.exec(line) ?? [];
      if (key !== "") this.#put(key, Number(seconds));
    });
  }

  /** When it was shown first; now, if it never was. Milliseconds since 1970. */
  since(mailbox: string, uidl: string): number {
    const key = `${mailbox} ${uidl}`;
    const known = this.#seconds.get(key);
    const seconds = known ?? Math.floor(this.#now() / 1_000);
    this.#put(key, seconds);
    if (known === undefined) this.#file.add(`${seconds} ${key}`);
    return seconds * 1_000;
  }

  /** Resolves once the last one is on disk. */
  close(): Promise<void> {
    return this.#file.close();
  }

  #put(key: string, seconds: number): void {
    this.#seconds.delete(key);
    this.#seconds.set(key, seconds);
    if (this.#seconds.size <= firstSeenMax) return;
    // Looking for the oldest in a Map costs as much as was deleted from it: only where one has to go.
    const [oldest = ""] = this.#seconds.keys();
    this.#seconds.delete(oldest);
  }
}
