import { endpoint } from "../net/client-address.ts";
import { ExchangePool } from "./exchange-pool.ts";
import { IcapOptionsQuestion, IcapScan, type IcapService } from "./icap-exchange.ts";
import type { IcapOptions } from "./icap-head.ts";
import type { ScanEngine, ScanFailure, ScanResult, ScanSubject } from "./scanner.ts";
import type { ScannerPlace } from "./scanner-connection.ts";

type IcapEngineOptions = { at: ScannerPlace; service: string; now(): number };

/** A scanner behind ICAP (RFC 3507). What its service can do is asked before the first scan, and again when that no longer holds. */
export class IcapEngine implements ScanEngine {
  readonly signaturesAt = null;
  readonly #pool: ExchangePool;
  readonly #service: IcapService;
  readonly #now: () => number;
  #options: IcapOptions | null = null;
  #askedAt = 0;
  #tag: string | null = null;

  constructor({ at, service, now }: IcapEngineOptions) {
    this.#pool = new ExchangePool(at);
    const host = "socket" in at ? "localhost" : endpoint(at.host, at.port);
    this.#service = { host, path: service.replace(/^\/+/, "") };
    this.#now = now;
  }

  /** The ISTag of its last answer. */
  get version(): string | null {
    return this.#tag;
  }

  get connectionsAllowed(): number | null {
    const allowed = this.#options?.connectionsMax ?? null;
    return allowed === null ? null : Math.max(1, allowed);
  }

  /** RFC 3507 §4.7. */
  verdictKey(): string | null {
    return this.#tag;
  }

  ask(subject: ScanSubject, done: (result: ScanResult) => void): () => void {
    const known = this.#knownOptions();
    if (known !== null) return this.#scan(known, subject, done);
    let cancel = this.#askOptions((answer) => {
      if ("result" in answer) done(answer);
      else cancel = this.#scan(answer, subject, done);
    });
    return () => cancel();
  }

  check(done: (failure: ScanFailure | null) => void): () => void {
    return this.#askOptions((answer) => done("result" in answer ? answer : null));
  }

  close(): void {
    this.#pool.close();
  }

  /** Null: not known, or no longer. */
  #knownOptions(): IcapOptions | null {
    const options = this.#options;
    const isOld = options !== null && options.holdsMs !== null && this.#now() - this.#askedAt >= options.holdsMs;
    return isOld ? null : options;
  }

  #scan(options: IcapOptions, subject: ScanSubject, done: (result: ScanResult) => void): () => void {
    const noteTag = (tag: string): void => {
      this.#tag = tag;
    };
    return this.#pool.ask(() => new IcapScan(this.#service, options, subject, noteTag), done);
  }

  #askOptions(done: (answer: IcapOptions | ScanFailure) => void): () => void {
    return this.#pool.ask(
      () => new IcapOptionsQuestion(this.#service),
      (answer) => {
        if (!("result" in answer)) {
          this.#options = answer;
          this.#askedAt = this.#now();
          this.#tag = answer.tag;
        }
        done(answer);
      },
    );
  }
}
