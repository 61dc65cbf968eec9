import { getDomain, parse } from "tldts";

/** Customers of one service that have names under its own (github.io) are strangers to each other. */
const options = { allowPrivateDomains: true };

/** Whether the name ends in a suffix of the public suffix list (publicsuffix.org) and is more than that. */
export function isRegistrable(name: string): boolean {
  const { domain, isIcann, isPrivate } = parse(name, options);
  return domain !== null && (isIcann === true || isPrivate === true);
}

/** What somebody registered of a host; an address or unknown name stands for itself. */
export function registrableDomain(host: string): string {
  return getDomain(host, options) ?? host;
}
