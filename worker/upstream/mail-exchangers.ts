import { isIP, isIPv6 } from "node:net";
import type { SmtpRoute } from "#core/contract/policy-document.ts";
import type { Reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import { dnsName } from "./dns-name.ts";
import type { HostAddress, MailDns, MailExchange } from "./mail-dns.ts";
import type { Place } from "./place.ts";
import type { ExchangerLookup } from "./smtp-pool.ts";
import { UpstreamError } from "./upstream-error.ts";

/** RFC 5321 §5.1: a client may try fewer than all; it must try at least two. */
export const exchangerHostsMax = 10;
export const exchangerAddressesMax = 10;
/** Domains whose servers are remembered; past it the one that was looked up first is forgotten. */
export const domainsKeptMax = 5_000;
/** How long an answer is believed, in milliseconds: what the addresses say, within these. MX records come without a time. */
export const keptMs = { min: 10_000, max: 300_000, negative: 60_000 };
/** A whole lookup, in milliseconds. */
export const lookupTimeoutMs = 15_000;

type Options = {
  dns: MailDns;
  now(): number;
  random(): number;
  /** Where servers of domains listen. */
  port: number;
  /** Whether a listener of ours holds the address and port. */
  isOurs(address: string, port: number): boolean;
};

type Found =
  | { hosts: FoundHost[]; error: null; keptMs: number }
  | { hosts: null; error: UpstreamError; keptMs: number };
type FoundHost = { host: string; preference: number; addresses: string[] };

/** Finds the mail servers of domains (RFC 5321 §5.1), and keeps what was found for a while. */
export class MailExchangers implements ExchangerLookup {
  readonly #options: Options;
  readonly #kept = new Map<string, { found: Found; until: number }>();
  readonly #lookups = new Map<string, Promise<Found>>();

  constructor(options: Options) {
    this.#options = options;
  }

  find(domain: string, route: SmtpRoute, done: (error: UpstreamError | null, places: readonly Place[]) => void): void {
    const literal = addressOf(domain);
    if (literal !== null) return this.#give({ hosts: [literal], error: null, keptMs: 0 }, domain, route, done);
    const name = dnsName(domain);
    if (name === null) return done(permanent(domain, "this is no name of a domain", replies.domainUnknown), []);
    const kept = this.#kept.get(name);
    if (kept !== undefined && this.#options.now() < kept.until) return this.#give(kept.found, name, route, done);
    void this.#lookUp(name).then((found) => this.#give(found, name, route, done));
  }

  /** One lookup of a domain at a time. Never rejects. */
  #lookUp(domain: string): Promise<Found> {
    const running = this.#lookups.get(domain);
    if (running !== undefined) return running;
    const lookup = withinTime(this.#ask(domain))
      .catch((error: unknown) => temporary(domain, error))
      .then((found) => {
        this.#lookups.delete(domain);
        this.#keep(domain, found);
        return found;
      });
    this.#lookups.set(domain, lookup);
    return lookup;
  }

  #keep(domain: string, found: Found): void {
    if (found.error?.kind === "dns") return;
    this.#kept.delete(domain);
    this.#kept.set(domain, { found, until: this.#options.now() + found.keptMs });
    if (this.#kept.size > domainsKeptMax) for (const [oldest] of this.#kept) return void this.#kept.delete(oldest);
  }

  async #ask(domain: string): Promise<Found> {
    const { dns } = this.#options;
    const records = await dns.exchanges(domain);
    if (records === null) return gone(domain, "the domain does not exist", replies.domainUnknown);
    // RFC 7505 §3: "." alone says that the domain takes no mail; among others it means nothing.
    const named = records.filter(({ exchange }) => exchange !== "" && exchange !== ".");
    if (records.length > 0 && named.length === 0) {
      return gone(domain, "the domain takes no mail (null MX)", replies.domainTakesNoMail);
    }
    // RFC 5321 §5.1: without MX records the domain itself is its server.
    const exchanges: MailExchange[] = records.length === 0 ? [{ exchange: domain, preference: 0 }] : named;
    const tried = exchanges.toSorted((a, b) => a.preference - b.preference).slice(0, exchangerHostsMax);
    const hosts = await Promise.all(tried.map((exchange) => this.#resolve(exchange)));
    const found = hosts.filter((host) => host.addresses.length > 0);
    if (found.length === 0) {
      const unknown = hosts.find(({ failure }) => failure !== null);
      if (unknown !== undefined) throw unknown.failure;
      const none =
        records.length === 0
          ? "the domain has neither MX nor address records"
          : "no server of its MX records has an address";
      return gone(domain, none, replies.domainUnknown);
    }
    const ttl = Math.min(...found.map((host) => host.ttl)) * 1000;
    return { hosts: found, error: null, keptMs: Math.min(keptMs.max, Math.max(keptMs.min, ttl)) };
  }

  async #resolve({ exchange, preference }: MailExchange) {
    const { dns } = this.#options;
    const host = dnsName(exchange);
    // A record may hold any octets: what is no name of a host leads nowhere.
    if (host === null) return { host: "", preference, addresses: [], failure: null, ttl: 0 };
    const answers = await Promise.allSettled([dns.addresses(host, 6), dns.addresses(host, 4)]);
    const lists = answers.map((answer): HostAddress[] => (answer.status === "fulfilled" ? (answer.value ?? []) : []));
    const failure = answers.find((answer) => answer.status === "rejected")?.reason ?? null;
    const addresses = alternating(lists).map(({ address }) => address);
    return { host, preference, addresses, failure, ttl: Math.min(...lists.flat().map((one) => one.ttl)) };
  }

  #give(
    found: Found,
    domain: string,
    { sourceAddress }: SmtpRoute,
    done: (error: UpstreamError | null, places: readonly Place[]) => void,
  ): void {
    if (found.error !== null) return done(found.error, []);
    const { port, random } = this.#options;
    const hosts = this.#withoutLoops(found.hosts);
    if (hosts.length === 0) {
      return done(permanent(domain, "its mail servers lead back here", replies.domainLoops), []);
    }
    // RFC 5321 §5.1: equal preferences are tried in random order.
    const shuffled = hosts.map((host) => ({ ...host, chance: random() }));
    shuffled.sort((a, b) => a.preference - b.preference || a.chance - b.chance);
    const places = shuffled.flatMap(({ host, addresses }) => addresses.map((address) => ({ host, port, address })));
    const fitting =
      sourceAddress === undefined ? places : places.filter(({ address }) => isIPv6(address) === isIPv6(sourceAddress));
    if (fitting.length > 0) return done(null, fitting.slice(0, exchangerAddressesMax));
    const message = `no server of the domain can be reached from ${sourceAddress ?? "here"}`;
    done(new UpstreamError("unreachable", domain, message), []);
  }

  /** RFC 5321 §5.1: where we are one of the servers, those that come with us or after us would only send it back. */
  #withoutLoops(hosts: readonly FoundHost[]): readonly FoundHost[] {
    const { isOurs, port } = this.#options;
    const own = hosts.filter(({ addresses }) => addresses.some((address) => isOurs(address, port)));
    const best = Math.min(...own.map(({ preference }) => preference));
    return hosts.filter(({ preference }) => preference < best);
  }
}

/** RFC 5321 §4.1.3: `[192.0.2.1]` and `[IPv6:2001:db8::1]` are servers by themselves. */
function addressOf(domain: string): FoundHost | null {
  const [, text] = /^\[(?:ipv6:)?([0-9a-f.:]+)\]$/i.exec(domain) ?? [];
  return text === undefined || isIP(text) === 0 ? null : { host: text, preference: 0, addresses: [text] };
}

/** Of each list in turn: a family that leads nowhere does not take all the tries. */
function alternating<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat();
}

function permanent(domain: string, message: string, publicReply: Reply): UpstreamError {
  return new UpstreamError("no-mail", domain, message, null, publicReply);
}

function gone(domain: string, message: string, publicReply: Reply): Found {
  return { hosts: null, error: permanent(domain, message, publicReply), keptMs: keptMs.negative };
}

function temporary(domain: string, error: unknown): Found {
  const reason = error instanceof Error ? error.message : String(error);
  return { hosts: null, error: new UpstreamError("dns", domain, `the DNS lookup failed: ${reason}`), keptMs: 0 };
}

function withinTime<T>(lookup: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${lookupTimeoutMs} ms`)), lookupTimeoutMs);
    lookup.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
