import { networkInterfaces } from "node:os";
import { NetworkSet } from "#core/match/network-set.ts";
import { canonicalAddress } from "./client-address.ts";

/** Where a connection ends on this host, whatever its interfaces are called. */
const thisHost = new NetworkSet(["127.0.0.0/8", "0.0.0.0", "::1", "::"]);
const wildcards = new Set(["0.0.0.0", "::"]);

/** Whether a connection to the address and port would be accepted by one of the listeners. */
export function leadsHere(
  listeners: Iterable<{ address: string; port: number }>,
  address: string,
  port: number,
): boolean {
  const wanted = canonicalAddress(address);
  if (wanted === null) return false;
  for (const own of listeners) {
    if (own.port !== port) continue;
    if (canonicalAddress(own.address) === wanted || (wildcards.has(own.address) && isOfThisHost(wanted))) return true;
  }
  return false;
}

function isOfThisHost(address: string): boolean {
  if (thisHost.has(address)) return true;
  return Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === address));
}
