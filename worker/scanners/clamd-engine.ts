import { ClamdScan, ClamdVersionQuestion } from "./clamd-exchange.ts";
import { ExchangePool } from "./exchange-pool.ts";
import type { ScanEngine, ScanFailure, ScanResult, ScanSubject } from "./scanner.ts";
import type { ScannerPlace } from "./scanner-connection.ts";

/** clamd, by INSTREAM over TCP or its Unix socket (clamd(8)). */
export class ClamdEngine implements ScanEngine {
  readonly connectionsAllowed = null;
  readonly #sessions: ExchangePool;
  /** VERSION is asked outside of a session. */
  readonly #questions: ExchangePool;
  #version: string | null = null;
  #signaturesAt: Date | null = null;

  constructor(at: ScannerPlace) {
    this.#sessions = new ExchangePool(at);
    this.#questions = new ExchangePool(at);
  }

  get version(): string | null {
    return this.#version;
  }

  get signaturesAt(): Date | null {
    return this.#signaturesAt;
  }

  verdictKey(): string | null {
    return this.#version;
  }

  ask(subject: ScanSubject, done: (result: ScanResult) => void): () => void {
    return this.#sessions.ask(() => new ClamdScan(subject), done);
  }

  check(done: (failure: ScanFailure | null) => void): () => void {
    return this.#questions.ask(
      () => new ClamdVersionQuestion(),
      (answer) => {
        if ("result" in answer) return done(answer);
        this.#version = answer.version;
        this.#signaturesAt = answer.signaturesAt;
        done(null);
      },
    );
  }

  close(): void {
    this.#sessions.close();
    this.#questions.close();
  }
}
