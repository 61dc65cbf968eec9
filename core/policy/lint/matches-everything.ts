import type { Condition } from "#core/contract/condition.ts";
import { readNetwork } from "#core/match/network-set.ts";
import { isAlwaysThere } from "./fact-readings.ts";

const known = new WeakMap<Condition, boolean>();

/** Whether a condition holds of everything, whatever comes: that it may hold of everything is not enough. */
export function matchesEverything(condition: Condition): boolean {
  // Looked at once: every pair of rules is compared.
  const matches = known.get(condition) ?? holdsOfAll(condition);
  known.set(condition, matches);
  return matches;
}

function holdsOfAll(condition: Condition): boolean {
  const { all = [], any, none, clientAddress, ...tests } = condition;
  if (none !== undefined || !all.every(matchesEverything)) return false;
  if (any !== undefined && !any.some(matchesEverything)) return false;
  if (clientAddress !== undefined && !(clientAddress.in ?? []).some(isEveryAddress)) return false;
  return Object.entries(tests).every(([fact, test]) => {
    if (test === undefined) return true;
    return isAlwaysThere(fact) && "like" in test && test.like === "*";
  });
}

/** IPv4 is a part of it, as v4-mapped. */
function isEveryAddress(network: string): boolean {
  return network.endsWith("/0") && readNetwork(network)?.length === 0;
}
