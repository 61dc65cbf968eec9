import { getAlignment } from "mailauth/lib/tools.js";
import { dnsName } from "../upstream/dns-name.ts";
import type { SignatureFinding } from "./signature-check.ts";
import type { SpfFinding } from "./spf-check.ts";

type Evidence = { spf: SpfFinding | null; dkim: readonly SignatureFinding[] };

/**
 * Whether a message says to come from one of our domains, in any way that a mail reader may read From, and neither SPF nor a signature of
 * that organizational domain speaks for it. `ownDomains` hold with their subdomains.
 */
export function isSpoofed(fromReadings: readonly string[], ownDomains: readonly string[], evidence: Evidence): boolean {
  if (ownDomains.length === 0) return false;
  const own = ownDomains.map(spelled);
  const proven = provenDomains(evidence);
  // `a@own.example@elsewhere.example` is of both.
  const domains = new Set(fromReadings.flatMap((address) => address.split("@").slice(1).map(spelled)));
  return [...domains].some(
    (domain) => own.some((one) => isWithin(domain, one)) && getAlignment(domain, proven) === false,
  );
}

function provenDomains({ spf, dkim }: Evidence): string[] {
  const signed = dkim.filter(({ result }) => result === "pass").map(({ domain }) => domain);
  return spf?.result === "pass" ? [spf.domain, ...signed] : signed;
}

function isWithin(domain: string, parent: string): boolean {
  return domain === parent || domain.endsWith(`.${parent}`);
}

function spelled(domain: string): string {
  return dnsName(domain) ?? domain.toLowerCase();
}
