import type { Dnsbl } from "#core/contract/dnsbl.ts";
import { checkHelo, checkReverseName, type HeloFinding, type ReverseNameFinding } from "./client-names.ts";
import { checkDnsbls, type DnsblFinding } from "./dnsbl-check.ts";
import type { SenderLookups } from "./sender-dns.ts";
import { checkSpf, type SpfFinding, type SpfIdentity } from "./spf-check.ts";

export type SessionQuestion = "spf" | "reverseName" | "helo" | "dnsbl";
/** null: it was not asked. */
export type SessionFindings = {
  spf: SpfFinding | null;
  reverseName: ReverseNameFinding | null;
  helo: HeloFinding | null;
  dnsbl: DnsblFinding;
};

export const nothingOfSession: SessionFindings = {
  spf: null,
  reverseName: null,
  helo: null,
  dnsbl: { listings: [], score: 0, faults: [] },
};

/** What is known of a sender before its message. Never rejects. */
export async function checkSession(
  lookups: SenderLookups,
  wants: ReadonlySet<SessionQuestion>,
  sender: SpfIdentity,
  dnsbls: readonly Dnsbl[],
): Promise<SessionFindings> {
  const { clientAddress, helo } = sender;
  const [spf, reverseName, heloFinding, dnsbl] = await Promise.all([
    wants.has("spf") ? checkSpf(lookups, sender) : null,
    wants.has("reverseName") ? checkReverseName(lookups, clientAddress) : null,
    wants.has("helo") ? checkHelo(lookups, helo, clientAddress) : null,
    wants.has("dnsbl") ? checkDnsbls(lookups, dnsbls, clientAddress) : nothingOfSession.dnsbl,
  ]);
  const told = spf === null ? null : { result: spf.result, domain: spf.domain };
  return { spf: told, reverseName, helo: heloFinding, dnsbl };
}
