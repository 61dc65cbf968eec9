import { Resolver } from "node:dns/promises";

export type MailExchange = { exchange: string; preference: number };
export type HostAddress = { address: string /** Seconds. */; ttl: number };

/**
 * What is asked of the DNS. An empty list: the name exists without such a record. Null: the name does not exist (NXDOMAIN).
 * Rejects when that cannot be known now.
 */
export interface MailDns {
  exchanges(domain: string): Promise<MailExchange[] | null>;
  addresses(host: string, family: 4 | 6): Promise<HostAddress[] | null>;
}

/** What is asked about senders besides; the same obligations. */
export interface SenderRecords extends MailDns {
  /** TXT, the strings of each record joined (RFC 7208 §3.3). */
  texts(name: string): Promise<string[] | null>;
  /** PTR of a name in in-addr.arpa or ip6.arpa. */
  pointers(name: string): Promise<string[] | null>;
  /** CNAME, not followed. */
  aliases(name: string): Promise<string[] | null>;
}

/** One query, and how often it is sent before the server counts as silent. */
const queryTimeoutMs = 3_000;
const queryTries = 2;

/** The system may be told of other resolvers while we run: they are read again after this, in milliseconds. */
const resolverMs = 30_000;

/** The system's resolvers, or those that are given (`address` or `address:port`). */
export function systemDns(servers: readonly string[], now: () => number): SenderRecords {
  let made = { resolver: makeResolver(servers), at: now() };
  const current = (): Resolver => {
    if (now() - made.at >= resolverMs) made = { resolver: makeResolver(servers), at: now() };
    return made.resolver;
  };
  return {
    exchanges: (domain) =>
      known(async () => {
        const records = await current().resolveMx(domain);
        return records.map(({ exchange, priority }) => ({ exchange, preference: priority }));
      }),
    addresses: (host, family) =>
      known(() => (family === 4 ? current().resolve4(host, { ttl: true }) : current().resolve6(host, { ttl: true }))),
    texts: (name) => known(async () => (await current().resolveTxt(name)).map((strings) => strings.join(""))),
    pointers: (name) => known(() => current().resolvePtr(name)),
    aliases: (name) => known(() => current().resolveCname(name)),
  };
}

function makeResolver(servers: readonly string[]): Resolver {
  const resolver = new Resolver({ timeout: queryTimeoutMs, tries: queryTries });
  if (servers.length > 0) resolver.setServers(servers);
  return resolver;
}

async function known<T>(ask: () => Promise<T[]>): Promise<T[] | null> {
  try {
    return await ask();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENODATA") return [];
    // EBADNAME: nobody can own it.
    if (code === "ENOTFOUND" || code === "EBADNAME") return null;
    throw error;
  }
}
