import { DnsFailure, failureCode } from "./dns-failure.ts";

/** Names of one record type that are remembered; past it the one that was asked first is forgotten. */
export const answersKeptMax = 5_000;
/** Records of one answer, and characters of them (bytes, about), that are kept. What is larger is given on and asked again the next time. */
export const answerRecordsKeptMax = 100;
export const answerCharactersKeptMax = 16_384;
/** How long an answer is believed, in milliseconds: what it says, within these. TXT, MX and PTR come without a time. */
export const keptMs = { min: 10_000, max: 300_000, untold: 60_000, negative: 60_000, failure: 5_000 };

/** Null: the name does not exist. */
export type Answer<T> = { records: readonly T[] | null; ttlSeconds: number | null };
type Kept<T> = { records: readonly T[] | null; failure: string | null; until: number };

/** Answers of the DNS about one type of record, each asked once at a time. */
export class AnswerCache<T> {
  readonly #now: () => number;
  readonly #ask: (name: string) => Promise<Answer<T>>;
  readonly #charactersOf: (record: T) => number;
  readonly #kept = new Map<string, Kept<T>>();
  readonly #asked = new Map<string, Promise<Kept<T>>>();

  constructor(now: () => number, ask: (name: string) => Promise<Answer<T>>, charactersOf: (record: T) => number) {
    this.#now = now;
    this.#ask = ask;
    this.#charactersOf = charactersOf;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Rejects with DnsFailure. */
  async get(written: string): Promise<readonly T[] | null> {
    const name = written.toLowerCase();
    const kept = this.#kept.get(name);
    const answer = kept !== undefined && this.#now() < kept.until ? kept : await this.#fetch(name);
    // Each asker gets an error of its own: mailauth writes on them.
    if (answer.failure !== null) throw new DnsFailure(answer.failure, name);
    return answer.records;
  }

  #fetch(name: string): Promise<Kept<T>> {
    const running = this.#asked.get(name);
    if (running !== undefined) return running;
    const fetched = this.#ask(name)
      .then((answer) => this.#believe(answer))
      // RFC 9520 §3.2: a failure is remembered as well, so that a dead server is not asked for every message.
      .catch((error: unknown) => ({ records: null, failure: failureCode(error), until: this.#now() + keptMs.failure }))
      .then((answer) => {
        this.#asked.delete(name);
        this.#keep(name, answer);
        return answer;
      });
    this.#asked.set(name, fetched);
    return fetched;
  }

  #believe({ records, ttlSeconds }: Answer<T>): Kept<T> {
    const told = ttlSeconds === null ? keptMs.untold : Math.min(keptMs.max, Math.max(keptMs.min, ttlSeconds * 1000));
    const isNo = records === null || records.length === 0;
    return { records, failure: null, until: this.#now() + (isNo ? keptMs.negative : told) };
  }

  #keep(name: string, answer: Kept<T>): void {
    this.#kept.delete(name);
    if (this.#isLarge(answer.records ?? [])) return;
    this.#kept.set(name, answer);
    if (this.#kept.size > answersKeptMax) for (const [oldest] of this.#kept) return void this.#kept.delete(oldest);
  }

  #isLarge(records: readonly T[]): boolean {
    const characters = records.reduce((sum, record) => sum + this.#charactersOf(record), 0);
    return records.length > answerRecordsKeptMax || characters > answerCharactersKeptMax;
  }
}
