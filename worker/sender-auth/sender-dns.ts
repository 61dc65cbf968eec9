import type { HostAddress, MailExchange, SenderRecords } from "../upstream/mail-dns.ts";
import { type Answer, AnswerCache } from "./answer-cache.ts";
import { DnsFailure } from "./dns-failure.ts";

/** What one question may take, in milliseconds. */
export const questionTimeLimitMs = 5_000;
/** Questions at the DNS at one time, over all messages. Past it they fail as a timeout does: as for today. */
export const questionsInFlightMax = 1_000;

type Cached<T> = Promise<readonly T[] | null>;

/** The DNS as checks of senders ask it. As SenderRecords, kept for a while and never changed by who reads it. Rejects with DnsFailure. */
export interface SenderLookups {
  exchanges(domain: string): Cached<MailExchange>;
  addresses(host: string, family: 4 | 6): Cached<HostAddress>;
  texts(name: string): Cached<string>;
  pointers(name: string): Cached<string>;
  aliases(name: string): Cached<string>;
}

/** What all checks of one worker know of the DNS. */
export class SenderDns implements SenderLookups {
  readonly #texts: AnswerCache<string>;
  readonly #pointers: AnswerCache<string>;
  readonly #aliases: AnswerCache<string>;
  readonly #exchanges: AnswerCache<MailExchange>;
  readonly #addresses: Record<4 | 6, AnswerCache<HostAddress>>;
  #inFlight = 0;

  constructor(dns: SenderRecords, now: () => number) {
    const untold = <T>(ask: (name: string) => Promise<T[] | null>, charactersOf: (record: T) => number) =>
      new AnswerCache<T>(
        now,
        async (name) => ({ records: await this.#ask(name, () => ask(name)), ttlSeconds: null }),
        charactersOf,
      );
    const addresses = (family: 4 | 6) =>
      new AnswerCache<HostAddress>(
        now,
        async (name) => withTtl(await this.#ask(name, () => dns.addresses(name, family))),
        ({ address }) => address.length,
      );
    const length = (text: string) => text.length;
    this.#texts = untold((name) => dns.texts(name), length);
    this.#pointers = untold((name) => dns.pointers(name), length);
    this.#aliases = untold((name) => dns.aliases(name), length);
    this.#exchanges = untold(
      (name) => dns.exchanges(name),
      ({ exchange }) => exchange.length,
    );
    this.#addresses = { 4: addresses(4), 6: addresses(6) };
  }

  exchanges(domain: string): Cached<MailExchange> {
    return this.#exchanges.get(domain);
  }

  addresses(host: string, family: 4 | 6): Cached<HostAddress> {
    return this.#addresses[family].get(host);
  }

  texts(name: string): Cached<string> {
    return this.#texts.get(name);
  }

  pointers(name: string): Cached<string> {
    return this.#pointers.get(name);
  }

  aliases(name: string): Cached<string> {
    return this.#aliases.get(name);
  }

  /** A question that is given up is counted until the resolver has given it up as well. */
  #ask<T>(name: string, question: () => Promise<T>): Promise<T> {
    if (this.#inFlight >= questionsInFlightMax) return Promise.reject(new DnsFailure("EBUSY", name));
    this.#inFlight++;
    const asked = question().finally(() => this.#inFlight--);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new DnsFailure("ETIMEOUT", name)), questionTimeLimitMs);
      asked.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }
}

function withTtl(records: HostAddress[] | null): Answer<HostAddress> {
  const ttls = (records ?? []).map(({ ttl }) => ttl);
  return { records, ttlSeconds: ttls.length === 0 ? null : Math.min(...ttls) };
}
