import { database } from "#lib/db.ts";

export type RuleHits = { enforced: number; observed: number; lastHitAt: string | null };

type HitRow = { id: string; enforced: number; observed: number; lastHour: Date | null; lastEvent: Date | null };

const dayMs = 24 * 3_600_000;
const none: RuleHits = { enforced: 0, observed: 0, lastHitAt: null };

/** What each rule did in the 24 hours before `now` (whole hours), and when it last matched: exact where it decided, else to the hour. */
export async function ruleHits(ruleIds: string[], now: Date): Promise<(ruleId: string) => RuleHits> {
  const since = new Date(now.getTime() - dayMs);
  // One index look-up for each rule: the tables may hold millions of rows.
  const rows = await database().$queryRaw<HitRow[]>`
    SELECT rule.id, day.enforced, day.observed,
      (SELECT max(hour) FROM "RuleHit" WHERE "ruleId" = rule.id) AS "lastHour",
      (SELECT max(at) FROM "MailEvent" WHERE "ruleId" = rule.id) AS "lastEvent"
    FROM unnest(${ruleIds}::text[]) AS rule(id)
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(enforced), 0)::int AS enforced, coalesce(sum(observed), 0)::int AS observed
      FROM "RuleHit" WHERE "ruleId" = rule.id AND hour > ${since}
    ) AS day`;
  const found = new Map(rows.map((row) => [row.id, hitsOf(row)]));
  return (ruleId) => found.get(ruleId) ?? none;
}

function hitsOf({ enforced, observed, lastHour, lastEvent }: HitRow): RuleHits {
  const hour = lastHour?.toISOString() ?? null;
  const event = lastEvent?.toISOString() ?? null;
  const lastHitAt = event !== null && (hour === null || event >= hour) ? event : hour;
  return { enforced, observed, lastHitAt };
}
