import { isIPv4 } from "node:net";
import { canonicalAddress } from "../net/client-address.ts";
import { dnsName } from "../upstream/dns-name.ts";
import { reverseLabels } from "./reverse-labels.ts";
import type { SenderLookups } from "./sender-dns.ts";

/** Names of one address that are looked at; a PTR record may list thousands. */
export const reverseNamesMax = 10;

/** pass: one of the names leads back to the address (RFC 8601 §3). fail: names, and none does. none: no name. */
export type ReverseNameFinding = { result: "pass" | "fail" | "none" | "temperror"; names: string[] };
/** pass: the name of HELO, or the address in it, leads to the client. fail: it leads elsewhere. none: it leads nowhere. */
export type HeloFinding = { result: "pass" | "fail" | "none" | "temperror" };

/** Never rejects. */
export async function checkReverseName(lookups: SenderLookups, clientAddress: string): Promise<ReverseNameFinding> {
  const zone = isIPv4(clientAddress) ? "in-addr.arpa" : "ip6.arpa";
  try {
    const records = await lookups.pointers(`${reverseLabels(clientAddress)}.${zone}`);
    const names = [...new Set((records ?? []).flatMap((name) => dnsName(name) ?? []))].slice(0, reverseNamesMax);
    if (names.length === 0) return { result: "none", names };
    const places = await Promise.all(names.map((name) => whereTo(lookups, name, clientAddress)));
    if (places.includes("client")) return { result: "pass", names };
    return { result: places.includes("unknown") ? "temperror" : "fail", names };
  } catch {
    return { result: "temperror", names: [] };
  }
}

/** Never rejects. */
export async function checkHelo(lookups: SenderLookups, helo: string, clientAddress: string): Promise<HeloFinding> {
  // RFC 5321 §4.1.3
  const [, literal] = /^\[(?:ipv6:)?([0-9a-f.:]+)\]$/i.exec(helo) ?? [];
  const address = literal === undefined ? null : canonicalAddress(literal);
  if (address !== null) return { result: address === clientAddress ? "pass" : "fail" };
  const name = dnsName(helo);
  if (name === null) return { result: "none" };
  const place = await whereTo(lookups, name, clientAddress);
  return { result: ({ client: "pass", elsewhere: "fail", nowhere: "none", unknown: "temperror" } as const)[place] };
}

async function whereTo(
  lookups: SenderLookups,
  name: string,
  clientAddress: string,
): Promise<"client" | "elsewhere" | "nowhere" | "unknown"> {
  const family = isIPv4(clientAddress) ? 4 : 6;
  try {
    const addresses = (await lookups.addresses(name, family)) ?? [];
    if (addresses.some(({ address }) => canonicalAddress(address) === clientAddress)) return "client";
    return addresses.length === 0 ? "nowhere" : "elsewhere";
  } catch {
    return "unknown";
  }
}
