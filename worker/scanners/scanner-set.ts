import { isDeepStrictEqual } from "node:util";
import type { Logger } from "pino";
import type { Scanner as ScannerSettings, ScannerStatus } from "#core/contract/scanner.ts";
import { makeEngine } from "./make-engine.ts";
import { QueuedScanner } from "./queued-scanner.ts";
import type { Scanner } from "./scanner.ts";

type ScannerSetOptions = {
  log: Logger;
  /** Milliseconds since 1970. */
  now(): number;
};

/** The scanners of the policy in force. */
export class ScannerSet {
  readonly #options: ScannerSetOptions;
  readonly #scanners = new Map<string, { settings: ScannerSettings; scanner: Scanner }>();

  constructor(options: ScannerSetOptions) {
    this.#options = options;
  }

  /** Those whose settings are the same stay with what they know; those that go still answer what they were asked. */
  apply(scanners: readonly ScannerSettings[]): void {
    const wanted = new Map(scanners.map((settings) => [settings.name, settings]));
    for (const [name, { settings, scanner }] of this.#scanners) {
      if (isDeepStrictEqual(settings, wanted.get(name))) continue;
      scanner.close();
      this.#scanners.delete(name);
    }
    for (const settings of scanners) {
      if (this.#scanners.has(settings.name)) continue;
      const { log, now } = this.#options;
      const scanner = new QueuedScanner({ settings, engine: makeEngine(settings, now), log, now });
      this.#scanners.set(settings.name, { settings, scanner });
    }
  }

  /** Undefined: the policy in force has none of this name. */
  get(name: string): Scanner | undefined {
    return this.#scanners.get(name)?.scanner;
  }

  /** Each scanner, in the order of the policy. */
  statuses(): ScannerStatus[] {
    return Array.from(this.#scanners.values(), ({ scanner }) => scanner.status());
  }

  /** No scanner is left; what is under way is still answered. */
  close(): void {
    this.apply([]);
  }
}
