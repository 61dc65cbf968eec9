/** What a server's EHLO answer says to us as its client and what is never passed on. */
export type ServerOffer = {
  /** SASL mechanisms (RFC 4954 §3), upper case. */
  mechanisms: readonly string[];
  /** RFC 9422 §4: MAIL commands a session, recipients and recipient domains a message; null: no limit is told. */
  mailMax: number | null;
  recipientsMax: number | null;
  recipientDomainsMax: number | null;
  /** Keywords that no client of ours hears of, and that we do not use either. */
  strippedKeywords: readonly string[];
};

export const noOffer: ServerOffer = {
  mechanisms: [],
  mailMax: null,
  recipientsMax: null,
  recipientDomainsMax: null,
  strippedKeywords: [],
};

/** Those that are passed on, spoken by us on our own leg, or answered by us. */
const handledKeywords = new Set(
  "PIPELINING 8BITMIME ENHANCEDSTATUSCODES SMTPUTF8 DSN SIZE AUTH STARTTLS CHUNKING LIMITS ETRN VRFY EXPN HELP".split(
    " ",
  ),
);
const keywordCharactersMax = 64;
export const strippedKeywordsMax = 100;

/** Reads the lines of a server's EHLO reply; the first is its name. */
export function readServerOffer(ehloLines: readonly string[]): ServerOffer {
  const mechanisms = new Set<string>();
  const stripped = new Set<string>();
  const limits = new Map<string, number>();
  for (const line of ehloLines.slice(1)) {
    // `AUTH=LOGIN` is how it was written before RFC 2554.
    const [keyword = "", ...words] = line.trim().toUpperCase().split(/[ =]+/);
    if (keyword === "AUTH") for (const word of words) mechanisms.add(word);
    if (keyword === "LIMITS") readLimits(line, limits);
    if (!handledKeywords.has(keyword) && keyword !== "" && stripped.size < strippedKeywordsMax) {
      stripped.add(keyword.slice(0, keywordCharactersMax));
    }
  }
  return {
    mechanisms: [...mechanisms],
    mailMax: limits.get("MAILMAX") ?? null,
    recipientsMax: limits.get("RCPTMAX") ?? null,
    recipientDomainsMax: limits.get("RCPTDOMAINMAX") ?? null,
    strippedKeywords: [...stripped],
  };
}

/** RFC 9422 §3: `name=value` pairs; a value that cannot be read says nothing. */
function readLimits(line: string, limits: Map<string, number>): void {
  for (const [, name = "", value] of line.matchAll(/ ([A-Za-z0-9][A-Za-z0-9-]*)=([1-9]\d{0,5})(?= |$)/g)) {
    limits.set(name.toUpperCase(), Number(value));
  }
}
