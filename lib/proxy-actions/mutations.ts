import { noneMatchedSchema, type Rule } from "#core/contract/rule.ts";
import { copyName } from "#core/policy/copy-name.ts";
import { actionWords, ruleSentence } from "#core/policy/explain.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { ruleColumns } from "#lib/revisions/draft-columns.ts";
import { checkDraft, lockDraft } from "#lib/revisions/draft-lock.ts";
import { placedAt } from "#lib/revisions/draft-order.ts";
import { editConflict } from "#lib/revisions/edit-conflict.ts";
import { jsonObjectColumn } from "#lib/revisions/json-column.ts";
import { openRuleset } from "./open-ruleset.ts";
import { orderedIds, ruleAt, ruleWords, writeOrder } from "./rule-at.ts";
import type { AddRule, CloneRule, EditNoneMatched, EditRule } from "./rule-input.ts";

/** Puts a new rule into a ruleset of the draft and returns its id. */
export async function addRule(
  tx: Transaction,
  actor: Actor,
  { proxyActionId, ruleset, before, rule }: AddRule,
): Promise<string> {
  await lockDraft(tx);
  const action = await openRuleset(tx, proxyActionId, ruleset);
  const ids = await orderedIds(tx, { proxyActionId, ruleset });
  const index = before === null ? ids.length : ids.indexOf(before);
  if (index < 0) throw await editConflict(tx, "Rule", before ?? "", true);
  const { id } = await tx.rule.create({ data: { ...ruleColumns(rule), proxyActionId, ruleset, rank: ids.length } });
  await writeOrder(tx, placedAt(ids, id, index));
  await record(
    tx,
    actor,
    "rule.add",
    ruleWords(rule.name, action.name, ruleset),
    `At position ${index + 1}: ${ruleSentence(rule)}`,
    {
      id,
      after: rule,
    },
  );
  return id;
}

/** Replaces a rule's content. Fails with EDIT_CONFLICT when it is not the version that the editor saw. */
export async function editRule(tx: Transaction, actor: Actor, { ruleId, version, rule }: EditRule): Promise<void> {
  await lockDraft(tx);
  const before = await ruleAt(tx, { ruleId, version });
  await tx.rule.update({ where: { id: ruleId }, data: { ...ruleColumns(rule), version: { increment: 1 } } });
  await record(tx, actor, "rule.edit", before.words, ruleSentence(rule), {
    id: ruleId,
    before: before.rule,
    after: rule,
  });
}

/** Puts a copy right below the rule, switched off; returns the copy's id. */
export async function cloneRule(tx: Transaction, actor: Actor, { ruleId }: CloneRule): Promise<string> {
  await lockDraft(tx);
  const { place, rule, words } = await ruleAt(tx, { ruleId });
  const { proxyActionId, ruleset } = place;
  const names = await tx.rule.findMany({ where: { proxyActionId, ruleset }, select: { name: true } });
  const copy: Rule = { ...rule, name: copyName(rule.name, new Set(names.map(({ name }) => name))), state: "off" };
  const ids = await orderedIds(tx, place);
  const { id } = await tx.rule.create({ data: { ...ruleColumns(copy), proxyActionId, ruleset, rank: ids.length } });
  await writeOrder(tx, placedAt(ids, id, ids.indexOf(ruleId) + 1));
  await record(tx, actor, "rule.clone", words, `As "${copy.name}", off`, { id, after: { ...copy, id } });
  return id;
}

/** Sets what a ruleset does when no rule matched. `version` is the proxy action's. */
export async function editNoneMatched(tx: Transaction, actor: Actor, input: EditNoneMatched): Promise<void> {
  await lockDraft(tx);
  const action = await openRuleset(tx, input.proxyActionId, input.ruleset);
  const noneMatched = new Map(Object.entries(jsonObjectColumn(action.noneMatched)));
  const before = noneMatched.get(input.ruleset);
  if (action.version !== input.version) {
    const current = { version: action.version, value: noneMatchedSchema.parse(before) };
    throw await editConflict(tx, "Default", input.proxyActionId, false, current);
  }
  noneMatched.set(input.ruleset, jsonObjectColumn(input.noneMatched));
  await tx.proxyAction.update({
    where: { id: action.id },
    data: { noneMatched: jsonObjectColumn(Object.fromEntries(noneMatched)), version: { increment: 1 } },
  });
  const summary = `When no rule matched, ${actionWords(input.noneMatched.action)}`;
  const object = `none matched of ${action.name}, ${input.ruleset}`;
  await record(tx, actor, "none-matched.edit", object, summary, { id: action.id, before, after: input.noneMatched });
}

type Detail = { id: string; before?: unknown; after?: unknown };

/** The draft must still be valid; then the audit row of the change, in the same transaction. */
async function record(
  tx: Transaction,
  actor: Actor,
  action: string,
  object: string,
  summary: string,
  detail: Detail,
): Promise<void> {
  await checkDraft(tx);
  await appendAudit(tx, actor, { action, object, summary, detail });
}
