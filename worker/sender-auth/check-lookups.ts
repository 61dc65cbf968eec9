import { DnsFailure } from "./dns-failure.ts";
import type { SenderLookups } from "./sender-dns.ts";

/** Questions that one message may cause, whether they are answered from memory or not. The rest of them fail. */
export const lookupsMax = 250;

/** The DNS as one check of one message sees it: so many questions, and none after `stop`. */
export class CheckLookups implements SenderLookups {
  readonly #dns: SenderLookups;
  readonly #waiting = new Set<(failure: DnsFailure) => void>();
  #asked = 0;
  #stopped: string | null = null;

  constructor(dns: SenderLookups) {
    this.#dns = dns;
  }

  /** Every question that waits, or comes later, fails with this code at once. */
  stop(code: "ETIMEOUT" | "ECANCELLED"): void {
    this.#stopped ??= code;
    for (const fail of this.#waiting) fail(new DnsFailure(this.#stopped, "anything more"));
    this.#waiting.clear();
  }

  exchanges(domain: string): ReturnType<SenderLookups["exchanges"]> {
    return this.#ask(domain, () => this.#dns.exchanges(domain));
  }

  addresses(host: string, family: 4 | 6): ReturnType<SenderLookups["addresses"]> {
    return this.#ask(host, () => this.#dns.addresses(host, family));
  }

  texts(name: string): ReturnType<SenderLookups["texts"]> {
    return this.#ask(name, () => this.#dns.texts(name));
  }

  pointers(name: string): ReturnType<SenderLookups["pointers"]> {
    return this.#ask(name, () => this.#dns.pointers(name));
  }

  aliases(name: string): ReturnType<SenderLookups["aliases"]> {
    return this.#ask(name, () => this.#dns.aliases(name));
  }

  #ask<T>(name: string, question: () => Promise<T>): Promise<T> {
    if (this.#stopped !== null) return Promise.reject(new DnsFailure(this.#stopped, name));
    if (this.#asked >= lookupsMax) return Promise.reject(new DnsFailure("ELOOKUPS", name));
    this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      question()
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(reject));
    });
  }
}
