import type { FollowUp } from "#lib/messages/queries.ts";

/** What became of one recipient as far as attempts tell; `waiting`: it is still to be delivered. */
export type RecipientOutcome = { address: string; waiting: boolean; reply: string | null };

/** Recipients still waiting first, each with the last reply about it; then those that attempts settled. */
export function recipientOutcomes(waiting: readonly string[], followUps: readonly FollowUp[]): RecipientOutcome[] {
  const replies = new Map<string, string>();
  for (const event of followUps)
    if (event.kind === "delivery") for (const { address, reply } of event.recipients) replies.set(address, reply);
  const still = new Set(waiting);
  const settled = [...replies].filter(([address]) => !still.has(address));
  return [
    ...waiting.map((address) => ({ address, waiting: true, reply: replies.get(address) ?? null })),
    ...settled.map(([address, reply]) => ({ address, waiting: false, reply })),
  ];
}
