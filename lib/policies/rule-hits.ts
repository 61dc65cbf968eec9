import { database } from "#lib/db.ts";

export type RuleHits = {
  enforced: number;
  observed: number;
  lastHitAt: string;
  /** Both together in each of the last 24 hours, the oldest first; empty: none. */
  hours: number[];
};

const hourMs = 3_600_000;
const hoursShown = 24;

/** What each rule did in the 24 hours before `now` (whole hours), and when it last matched; null for one that never did. */
export async function ruleHits(ruleIds: string[], now: Date): Promise<(ruleId: string) => RuleHits | null> {
  const since = new Date(now.getTime() - hoursShown * hourMs);
  const first = Math.floor(since.getTime() / hourMs) + 1;
  // One index look-up for each rule: the table may hold millions of rows.
  const rows = await database().$queryRaw<Row[]>`
    SELECT rule.id, day.enforced, day.observed, day.hours, last.at
    FROM unnest(${ruleIds}::text[]) AS rule(id)
    CROSS JOIN LATERAL (
      SELECT "lastAt" AS at FROM "RuleHit" WHERE "ruleId" = rule.id ORDER BY hour DESC LIMIT 1
    ) AS last
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(enforced), 0)::int AS enforced, coalesce(sum(observed), 0)::int AS observed,
        coalesce(json_agg(json_build_array(floor(extract(epoch FROM hour) / 3600), enforced + observed)), '[]') AS hours
      FROM "RuleHit" WHERE "ruleId" = rule.id AND hour > ${since}
    ) AS day`;
  const found = new Map(rows.map((row) => [row.id, hitsOf(row, first)]));
  return (ruleId) => found.get(ruleId) ?? null;
}

/** `hours`: hour since 1970 and hits. */
type Row = { id: string; enforced: number; observed: number; hours: [number, number][]; at: Date };

function hitsOf({ enforced, observed, hours, at }: Row, first: number): RuleHits {
  const byHour = new Map(hours);
  const shown = Array.from({ length: hoursShown }, (_, n) => byHour.get(first + n) ?? 0);
  return { enforced, observed, lastHitAt: at.toISOString(), hours: hours.length === 0 ? [] : shown };
}
