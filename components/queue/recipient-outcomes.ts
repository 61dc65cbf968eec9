import type { QueueState } from "#core/contract/queue.ts";
import type { FollowUp } from "#lib/messages/queries.ts";

/** What became of one recipient as far as attempts tell, with the last words about it. */
export type RecipientOutcome = { address: string; outcome: "waiting" | "delivered" | "failed"; reply: string | null };

/** Those whom the entry still names come first; then those that attempts settled. */
export function recipientOutcomes(
  { recipients, state }: { recipients: readonly string[]; state: QueueState },
  followUps: readonly FollowUp[],
): RecipientOutcome[] {
  const replies = new Map<string, string>();
  for (const event of followUps)
    if (event.kind === "delivery") for (const { address, reply } of event.recipients) replies.set(address, reply);
  const named = new Set(recipients);
  const settled = [...replies].filter(([address]) => !named.has(address));
  // A message that failed names those for whom it did.
  const ofNamed = state === "failed" ? "failed" : "waiting";
  return [
    ...recipients.map((address) => ({ address, outcome: ofNamed, reply: replies.get(address) ?? null }) as const),
    ...settled.map(
      // RFC 5321 §4.2.1: 2yz, it was taken.
      ([address, reply]) => ({ address, outcome: reply.startsWith("2") ? "delivered" : "failed", reply }) as const,
    ),
  ];
}
