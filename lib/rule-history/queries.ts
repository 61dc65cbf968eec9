import { z } from "zod";
import { database } from "#lib/db.ts";
import { type RuleChange, ruleChange } from "./history-words.ts";

export type RuleHistoryEntry = RuleChange & { sequence: number; at: string; actor: string };
/** Newest first. `isCut`: there is more in the audit log. */
export type RuleHistory = { entries: RuleHistoryEntry[]; isCut: boolean };

const entriesMax = 20;
/** Rows that tell of many objects at once, how far back they are looked through. */
const rowsOfManyMax = 500;

const rowSchema = z.object({
  sequence: z.bigint(),
  at: z.date(),
  actor: z.string(),
  action: z.string(),
  object: z.string(),
  summary: z.string(),
  detail: z.unknown(),
});

/**
 * What was done to a rule, by whom and when, out of the audit log: rows about it by its id, and those about many objects by the name that
 * it has now.
 */
export async function readRuleHistory(rule: {
  id: string;
  name: string;
  proxyAction: string;
  ruleset: string;
}): Promise<RuleHistory> {
  const objectWords = `rule "${rule.name}" of ${rule.proxyAction}, ${rule.ruleset}`;
  const found = await database().$queryRaw`
    (SELECT sequence, at, actor, action, object, summary, detail FROM "AuditEntry"
     WHERE detail->>'id' = ${rule.id} ORDER BY sequence DESC LIMIT ${entriesMax + 1})
    UNION ALL
    (SELECT * FROM
       (SELECT sequence, at, actor, action, object, summary, detail FROM "AuditEntry"
        WHERE action LIKE 'draft.%' OR action LIKE 'revision.%' OR action = 'policy.import' ORDER BY sequence DESC LIMIT ${rowsOfManyMax}) AS recent
     WHERE EXISTS (
       SELECT 1 FROM jsonb_path_query(detail, '$.*[*]') AS words
       WHERE starts_with(words #>> '{}', ${objectWords}))
     LIMIT ${entriesMax + 1})
    ORDER BY sequence DESC`;
  const rows = z.array(rowSchema).parse(found);
  const entries = rows.slice(0, entriesMax).map(({ sequence, at, actor, ...row }) => ({
    sequence: Number(sequence),
    at: at.toISOString(),
    actor,
    ...ruleChange(row, objectWords),
  }));
  return { entries, isCut: rows.length > entriesMax };
}
