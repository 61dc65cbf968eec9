import type { Interface, Policy, ProxyAction } from "#core/contract/policy-document.ts";

type Side = Pick<Interface, "name" | "zone">;
type Direction = "incoming" | "outgoing" | "inside";

/** What a policy between two sides is for, by who connects from where; null while a side is not chosen. */
export function directionWords(
  protocol: Policy["protocol"],
  from: Side | undefined,
  to: Side | undefined,
): string | null {
  if (from === undefined || to === undefined) return null;
  return words[protocol][directionOf(from, to)](from.name, to.name);
}

/** What is odd about a proxy action of that direction in the policy; null: nothing is. */
export function directionProblem(
  action: ProxyAction["direction"] | undefined,
  from: Side | undefined,
  to: Side | undefined,
): string | null {
  if (action === undefined || from === undefined || to === undefined) return null;
  const direction = directionOf(from, to);
  if (direction === "inside" || direction === action) return null;
  return `It is made for ${action} mail, and this policy is ${direction}.`;
}

/** Incoming is what enters from External, outgoing what leaves towards it. */
function directionOf(from: Side, to: Side): Direction {
  if (from.zone === "external") return to.zone === "external" ? "inside" : "incoming";
  return to.zone === "external" ? "outgoing" : "inside";
}

const words: Record<Policy["protocol"], Record<Direction, (from: string, to: string) => string>> = {
  smtp: {
    incoming: (from, to) => `Incoming: servers on ${from} send mail to the mail server on ${to}.`,
    outgoing: (from, to) => `Outgoing: servers and people on ${from} send mail to ${to}.`,
    inside: (from, to) => `Between two sides: mail goes from ${from} to ${to}.`,
  },
  pop3: {
    incoming: (from, to) => `Incoming: people on ${from} fetch their mail from our server on ${to}.`,
    outgoing: (from, to) => `Outgoing: people on ${from} fetch their mail from a provider's server on ${to}.`,
    inside: (from, to) => `Between two sides: people on ${from} fetch their mail from a server on ${to}.`,
  },
};
