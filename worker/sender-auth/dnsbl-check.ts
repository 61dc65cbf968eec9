import { isIPv4 } from "node:net";
import type { Dnsbl } from "#core/contract/dnsbl.ts";
import { failureCode } from "./dns-failure.ts";
import { reverseLabels } from "./reverse-labels.ts";
import type { SenderLookups } from "./sender-dns.ts";

export type DnsblListing = { zone: string; weight: number; answer: string };
/** `faults`: zones that gave no answer one can believe, and why; they count as if they did not list the client. */
export type DnsblFinding = { listings: DnsblListing[]; score: number; faults: { zone: string; reason: string }[] };

type Outcome = { answers: string[]; fault: string | null };

/** RFC 5782 §5: what no working zone lists, of each family. A zone that does answers yes to everything: it has been given up. */
const neverListed = { 4: "1.0.0.127", 6: reverseLabels("::ffff:7f00:1") };

/** Which zones list the client (RFC 5782). A zone that stands there several times, with other answers, counts each time. Never rejects. */
export async function checkDnsbls(
  lookups: SenderLookups,
  dnsbls: readonly Dnsbl[],
  clientAddress: string,
): Promise<DnsblFinding> {
  const zones = [...new Set(dnsbls.map(({ zone }) => zone))];
  const outcomes = new Map<string, Outcome>();
  const ask = async (zone: string): Promise<void> =>
    void outcomes.set(zone, await askZone(lookups, zone, clientAddress));
  await Promise.all(zones.map(ask));
  const listings = dnsbls.flatMap(({ zone, weight, octets }): DnsblListing[] => {
    const answer = outcomes.get(zone)?.answers.find((one) => counts(one, octets));
    return answer === undefined ? [] : [{ zone, weight, answer }];
  });
  const faults = zones.flatMap((zone) => {
    const reason = outcomes.get(zone)?.fault ?? null;
    return reason === null ? [] : [{ zone, reason }];
  });
  return { listings, score: listings.reduce((sum, { weight }) => sum + weight, 0), faults };
}

async function askZone(lookups: SenderLookups, zone: string, clientAddress: string): Promise<Outcome> {
  try {
    const records = (await lookups.addresses(`${reverseLabels(clientAddress)}.${zone}`, 4)) ?? [];
    const answers = records.map(({ address }) => address);
    const odd = answers.find((answer) => oddity(answer) !== null);
    if (odd !== undefined) return { answers: [], fault: `it answered ${odd}: ${oddity(odd)}` };
    if (answers.length === 0) return { answers, fault: null };
    const never = await lookups.addresses(`${neverListed[isIPv4(clientAddress) ? 4 : 6]}.${zone}`, 4);
    if (never === null || never.length === 0) return { answers, fault: null };
    return { answers: [], fault: "it lists every address, 127.0.0.1 as well" };
  } catch (error) {
    return { answers: [], fault: `no answer (${failureCode(error)})` };
  }
}

function oddity(answer: string): string | null {
  if (!answer.startsWith("127.")) return "no answer of such a list, somebody else answers for the zone";
  if (answer.startsWith("127.255.255.")) return "it refuses to be asked by our resolver";
  // No list uses it for a listing; several say with it that they refuse.
  return answer === "127.0.0.1" ? "it refuses to be asked by our resolver" : null;
}

function counts(answer: string, octets: Dnsbl["octets"]): boolean {
  if (octets === null) return true;
  const parts = answer.split(".").map(Number);
  return octets.every((allowed, at) => allowed.has(parts[at] ?? -1));
}
