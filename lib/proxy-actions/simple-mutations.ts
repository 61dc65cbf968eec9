import { noneMatchedSchema, type Rule, ruleSchema, rulesPerRulesetMax } from "#core/contract/rule.ts";
import { actionWords } from "#core/policy/explain.ts";
import { fromSimple, toSimple } from "#core/policy/simple-ruleset.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { ruleColumns } from "#lib/revisions/draft-columns.ts";
import { ruleFromRow } from "#lib/revisions/draft-document.ts";
import { checkDraft, lockDraft } from "#lib/revisions/draft-lock.ts";
import { editConflict } from "#lib/revisions/edit-conflict.ts";
import { jsonObjectColumn } from "#lib/revisions/json-column.ts";
import { openRuleset } from "./open-ruleset.ts";
import { writeOrder } from "./rule-at.ts";
import type { EditSimpleRuleset } from "./rule-input.ts";
import { rulesetVersion } from "./ruleset-version.ts";

/** Of the audit log, for who changed the ruleset meanwhile. */
const rowsLookedThroughMax = 500;

/**
 * Writes a ruleset that was edited as patterns: rules whose patterns stayed keep their ids. Fails with EDIT_CONFLICT when a rule, the order or the default
 * is not as the editor saw it, and with what is there now where that is patterns still.
 */
export async function editSimpleRuleset(tx: Transaction, actor: Actor, input: EditSimpleRuleset): Promise<void> {
  const { proxyActionId, ruleset, simple } = input;
  await lockDraft(tx);
  const action = await openRuleset(tx, proxyActionId, ruleset);
  const rows = await tx.rule.findMany({ where: { proxyActionId, ruleset }, orderBy: { rank: "asc" } });
  const before = rows.map((row) => ruleSchema.parse(ruleFromRow(row)));
  const byDefault = noneMatchedSchema.parse(jsonObjectColumn(action.noneMatched)[ruleset]);
  const shown = toSimple({ rules: before, noneMatched: byDefault }, simple);
  const version = rulesetVersion(rows, byDefault);
  if (version !== input.version) {
    const current = shown.ok ? { version, value: shown.simple } : undefined;
    throw await editConflict(tx, "Ruleset", await lastTouched(tx, action, ruleset), false, current);
  }
  if (!shown.ok)
    throw new PublicError("INPUT_INVALID", `Not saved: this ruleset cannot be written as patterns. ${shown.why}`);
  const { rules, noneMatched } = fromSimple(simple, before);
  if (rules.length > rulesPerRulesetMax)
    throw new PublicError(
      "LIMIT_REACHED",
      `Not saved: a ruleset has at most ${rulesPerRulesetMax} rules. Put the patterns into a list.`,
    );
  const counts = await writeRules(
    tx,
    input,
    before,
    rules.map((rule) => ruleSchema.parse(rule)),
  );
  await tx.proxyAction.update({
    where: { id: proxyActionId },
    data: {
      noneMatched: { ...jsonObjectColumn(action.noneMatched), [ruleset]: jsonObjectColumn(noneMatched) },
      version: { increment: 1 },
    },
  });
  await checkDraft(tx);
  const effects = `if matched ${actionWords(simple.matched)}, none matched ${actionWords(noneMatched.action)}`;
  await appendAudit(tx, actor, {
    action: "ruleset.edit",
    object: `ruleset ${ruleset} of ${action.name}`,
    summary: `Rules: ${counts.added} added, ${counts.removed} removed, ${counts.changed} changed; ${effects}`,
    detail: { id: proxyActionId, before, after: { rules, noneMatched } },
  });
}

/** The id of what was changed last in the ruleset, if that was not long ago. */
async function lastTouched(tx: Transaction, action: { name: string }, ruleset: string): Promise<string> {
  const [last] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM (SELECT sequence, object, detail->>'id' AS id FROM "AuditEntry" ORDER BY sequence DESC LIMIT ${rowsLookedThroughMax}) AS recent
    WHERE object = ${`ruleset ${ruleset} of ${action.name}`} OR right(object, ${inRuleset(action, ruleset).length}) = ${inRuleset(action, ruleset)}
    ORDER BY sequence DESC LIMIT 1`;
  return last?.id ?? "";
}

/** How the audit log ends the name of a rule or a default. */
function inRuleset({ name }: { name: string }, ruleset: string): string {
  return ` of ${name}, ${ruleset}`;
}

/** Makes the ruleset's rows those of `rules`, in that order; untouched rules keep their versions. */
async function writeRules(
  tx: Transaction,
  { proxyActionId, ruleset }: EditSimpleRuleset,
  before: readonly Rule[],
  rules: readonly Rule[],
): Promise<{ added: number; removed: number; changed: number }> {
  const known = new Map(before.map((rule) => [rule.id, JSON.stringify(rule)]));
  const kept = new Set(rules.map(({ id }) => id));
  const gone = before.flatMap(({ id }) => (id === undefined || kept.has(id) ? [] : [id]));
  await tx.rule.deleteMany({ where: { id: { in: gone } } });
  const ids: string[] = [];
  const counts = { added: 0, removed: gone.length, changed: 0 };
  for (const [rank, rule] of rules.entries()) {
    if (rule.id === undefined) {
      const row = await tx.rule.create({ data: { ...ruleColumns(rule), proxyActionId, ruleset, rank } });
      ids.push(row.id);
      counts.added += 1;
      continue;
    }
    ids.push(rule.id);
    if (known.get(rule.id) === JSON.stringify(rule)) continue;
    await tx.rule.update({ where: { id: rule.id }, data: { ...ruleColumns(rule), version: { increment: 1 } } });
    counts.changed += 1;
  }
  await writeOrder(tx, ids);
  return counts;
}
