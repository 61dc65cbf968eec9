import { database } from "#lib/db.ts";

export type RuleHits = { enforced: number; observed: number; lastHitAt: string | null };

const dayMs = 24 * 3_600_000;
const none: RuleHits = { enforced: 0, observed: 0, lastHitAt: null };

/** What each rule did in the 24 hours before `now` (whole hours), and when it last matched. */
export async function ruleHits(ruleIds: string[], now: Date): Promise<(ruleId: string) => RuleHits> {
  const since = new Date(now.getTime() - dayMs);
  // One index look-up for each rule: the table may hold millions of rows.
  const rows = await database().$queryRaw<{ id: string; enforced: number; observed: number; lastAt: Date | null }[]>`
    SELECT rule.id, day.enforced, day.observed,
      (SELECT "lastAt" FROM "RuleHit" WHERE "ruleId" = rule.id ORDER BY hour DESC LIMIT 1) AS "lastAt"
    FROM unnest(${ruleIds}::text[]) AS rule(id)
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(enforced), 0)::int AS enforced, coalesce(sum(observed), 0)::int AS observed
      FROM "RuleHit" WHERE "ruleId" = rule.id AND hour > ${since}
    ) AS day`;
  const found = new Map(
    rows.map(({ id, enforced, observed, lastAt }) => {
      return [id, { enforced, observed, lastHitAt: lastAt?.toISOString() ?? null }];
    }),
  );
  return (ruleId) => found.get(ruleId) ?? none;
}
