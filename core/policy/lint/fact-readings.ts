import type { FactName } from "#core/contract/facts.ts";

const alwaysThere: ReadonlySet<string> = new Set<FactName>([
  "sender",
  "senderDomain",
  "recipient",
  "recipientDomain",
  "command",
]);
const neverSeveral: ReadonlySet<string> = new Set<FactName>([
  "helo",
  "tls",
  "authMechanism",
  "authUser",
  "sender",
  "command",
]);

/** Whether there is a reading wherever a rule may ask for the fact, be it the empty one of the null sender. */
export function isAlwaysThere(fact: string): boolean {
  return alwaysThere.has(fact);
}

/** Whether there is never more than one reading: to ask for some and for every one is the same then. */
export function hasOneReading(fact: string): boolean {
  return neverSeveral.has(fact);
}
