import { ExchangePool } from "./exchange-pool.ts";
import type { ScanEngine, ScanFailure, ScanResult, ScanSubject } from "./scanner.ts";
import type { ScannerPlace } from "./scanner-connection.ts";
import { SpamdPing, SpamdScan } from "./spamd-exchange.ts";

/** SpamAssassin's spamd, over TCP or a Unix socket. It takes one question a connection. */
export class SpamdEngine implements ScanEngine {
  readonly signaturesAt = null;
  readonly connectionsAllowed = null;
  readonly #pool: ExchangePool;
  #version: string | null = null;

  constructor(at: ScannerPlace) {
    this.#pool = new ExchangePool(at);
  }

  get version(): string | null {
    return this.#version;
  }

  /** It learns while it runs, and says nothing of its rules' age. */
  verdictKey(): null {
    return null;
  }

  ask(subject: ScanSubject, done: (result: ScanResult) => void): () => void {
    return this.#pool.ask(() => new SpamdScan(subject), done);
  }

  check(done: (failure: ScanFailure | null) => void): () => void {
    return this.#pool.ask(
      () => new SpamdPing(),
      (answer) => {
        if ("result" in answer) return done(answer);
        this.#version = answer.version;
        done(null);
      },
    );
  }

  close(): void {
    this.#pool.close();
  }
}
