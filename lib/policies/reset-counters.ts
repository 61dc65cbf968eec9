import { z } from "zod";
import { rulesPerRulesetMax } from "#core/contract/rule.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudits } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { rulesAt } from "#lib/proxy-actions/rule-at.ts";

export const resetCountersSchema = z.strictObject({ ruleIds: z.array(z.uuid()).min(1).max(rulesPerRulesetMax) });

/**
 * Lets the counters of rules begin anew at `now`: what was counted goes, what a worker reports late of the time before is left out, and messages
 * stay. No edit of the draft: it is felt at once.
 */
export async function resetCounters(
  tx: Transaction,
  actor: Actor,
  { ruleIds }: z.infer<typeof resetCountersSchema>,
  now: Date,
): Promise<void> {
  const rules = await rulesAt(
    tx,
    ruleIds.map((ruleId) => ({ ruleId })),
  );
  const ids = rules.map(({ id }) => id);
  const counted = await tx.ruleHit.groupBy({
    by: ["ruleId"],
    where: { ruleId: { in: ids } },
    _sum: { enforced: true, observed: true },
    _max: { lastAt: true },
  });
  await tx.ruleHit.deleteMany({ where: { ruleId: { in: ids } } });
  await tx.ruleReset.deleteMany({ where: { ruleId: { in: ids } } });
  await tx.ruleReset.createMany({ data: ids.map((ruleId) => ({ ruleId, at: now, by: actor.name })) });
  const before = new Map(counted.map(({ ruleId, _sum, _max }) => [ruleId, { ..._sum, lastHitAt: _max.lastAt }]));
  const audits = rules.map(({ id, words }) => ({
    action: "rule.reset-counters",
    object: words,
    summary: countWords(before.get(id)),
    detail: { id, before: before.get(id) ?? null },
  }));
  await appendAudits(tx, actor, audits);
}

type Counted = { enforced: number | null; observed: number | null };

function countWords(counted: Counted | undefined): string {
  return `${counted?.enforced ?? 0} enforced, ${counted?.observed ?? 0} observed → counted anew`;
}
