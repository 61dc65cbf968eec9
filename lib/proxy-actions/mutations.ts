import { type Protocol, type Stage, stagesByProtocol } from "#core/contract/facts.ts";
import { noneMatchedSchema, type Rule, ruleSchema } from "#core/contract/rule.ts";
import { actionWords, ruleSentence } from "#core/policy/explain.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { ruleColumns } from "#lib/revisions/draft-columns.ts";
import { ruleFromRow } from "#lib/revisions/draft-document.ts";
import { checkDraft, lockDraft } from "#lib/revisions/draft-lock.ts";
import { copyName, placedAt, targetIndex } from "#lib/revisions/draft-order.ts";
import { editConflict } from "#lib/revisions/edit-conflict.ts";
import { jsonObjectColumn } from "#lib/revisions/json-column.ts";
import type {
  AddRule,
  CloneRule,
  DeleteRule,
  EditNoneMatched,
  EditRule,
  MoveRule,
  SetRuleState,
} from "./rule-input.ts";

/** Puts a new rule into a ruleset of the draft and returns its id. */
export async function addRule(
  tx: Transaction,
  actor: Actor,
  { proxyActionId, ruleset, before, rule }: AddRule,
): Promise<string> {
  await lockDraft(tx);
  const action = await openRuleset(tx, proxyActionId, ruleset);
  const ids = await orderedIds(tx, proxyActionId, ruleset);
  const index = before === null ? ids.length : ids.indexOf(before);
  if (index < 0) throw await editConflict(tx, "Rule", before ?? "", true);
  const { id } = await tx.rule.create({ data: { ...ruleColumns(rule), proxyActionId, ruleset, rank: ids.length } });
  await writeOrder(tx, placedAt(ids, id, index));
  await record(
    tx,
    actor,
    "rule.add",
    placeWords(rule.name, action.name, ruleset),
    `At position ${index + 1}: ${ruleSentence(rule)}`,
    {
      id,
      after: rule,
    },
  );
  return id;
}

/** Replaces a rule's content. Fails with "conflict" when it is not the version that the editor saw. */
export async function editRule(tx: Transaction, actor: Actor, { ruleId, version, rule }: EditRule): Promise<void> {
  await lockDraft(tx);
  const before = await ruleAt(tx, ruleId, version);
  await tx.rule.update({ where: { id: ruleId }, data: { ...ruleColumns(rule), version: { increment: 1 } } });
  await record(tx, actor, "rule.edit", before.place, ruleSentence(rule), {
    id: ruleId,
    before: before.rule,
    after: rule,
  });
}

/** Turns a rule on, to observe, or off. */
export async function setRuleState(tx: Transaction, actor: Actor, { ruleId, state }: SetRuleState): Promise<void> {
  await lockDraft(tx);
  const before = await ruleAt(tx, ruleId);
  if (before.rule.state === state) return;
  await tx.rule.update({ where: { id: ruleId }, data: { state, version: { increment: 1 } } });
  await record(tx, actor, "rule.state", before.place, `${before.rule.state} → ${state}`, {
    id: ruleId,
    before: before.rule.state,
    after: state,
  });
}

/** Moves a rule within its ruleset; returns its new position, from 1, and the number of rules. */
export async function moveRule(
  tx: Transaction,
  actor: Actor,
  { ruleId, to }: MoveRule,
): Promise<{ position: number; of: number }> {
  await lockDraft(tx);
  const { row, place } = await ruleAt(tx, ruleId);
  const ids = await orderedIds(tx, row.proxyActionId, row.ruleset);
  const from = ids.indexOf(ruleId);
  const index = targetIndex(from, ids.length, to);
  if (index !== from) {
    await writeOrder(tx, placedAt(ids, ruleId, index));
    await record(tx, actor, "rule.move", place, `Position ${from + 1} → ${index + 1}`, {
      id: ruleId,
      before: from + 1,
      after: index + 1,
    });
  }
  return { position: index + 1, of: ids.length };
}

/** Puts a copy right below the rule, switched off; returns the copy's id. */
export async function cloneRule(tx: Transaction, actor: Actor, { ruleId }: CloneRule): Promise<string> {
  await lockDraft(tx);
  const { row, rule, place } = await ruleAt(tx, ruleId);
  const { proxyActionId, ruleset } = row;
  const names = await tx.rule.findMany({ where: { proxyActionId, ruleset }, select: { name: true } });
  const copy: Rule = { ...rule, name: copyName(rule.name, new Set(names.map(({ name }) => name))), state: "off" };
  const ids = await orderedIds(tx, proxyActionId, ruleset);
  const { id } = await tx.rule.create({ data: { ...ruleColumns(copy), proxyActionId, ruleset, rank: ids.length } });
  await writeOrder(tx, placedAt(ids, id, ids.indexOf(ruleId) + 1));
  await record(tx, actor, "rule.clone", place, `As "${copy.name}", off`, { id, after: { ...copy, id } });
  return id;
}

/** Takes a rule out of the draft. Its counters and events stay. */
export async function deleteRule(tx: Transaction, actor: Actor, { ruleId, version }: DeleteRule): Promise<void> {
  await lockDraft(tx);
  const { rule, place } = await ruleAt(tx, ruleId, version);
  await tx.rule.delete({ where: { id: ruleId } });
  await record(tx, actor, "rule.delete", place, ruleSentence(rule), { id: ruleId, before: rule });
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

/** The proxy action, made to have the ruleset: one without rules is not in the document until its first rule. */
export async function openRuleset(tx: Transaction, id: string, ruleset: Stage) {
  const action = await tx.proxyAction.findUnique({ where: { id } });
  if (action === null) throw await editConflict(tx, "Rule", id, true);
  const protocol: Protocol = action.protocol === "pop3" ? "pop3" : "smtp";
  const stages: readonly Stage[] = stagesByProtocol[protocol];
  if (!stages.includes(ruleset))
    throw new PublicError("invalid", `${action.name} is for ${protocol}, which has no ${ruleset} ruleset.`);
  const noneMatched = jsonObjectColumn(action.noneMatched);
  if (ruleset in noneMatched) return action;
  const opened = { ...noneMatched, [ruleset]: jsonObjectColumn(noneMatchedSchema.parse({ action: "allow" })) };
  return tx.proxyAction.update({ where: { id }, data: { noneMatched: opened } });
}

async function ruleAt(tx: Transaction, ruleId: string, version?: number) {
  const row = await tx.rule.findUnique({ where: { id: ruleId }, include: { proxyAction: true } });
  if (row === null) throw await editConflict(tx, "Rule", ruleId, true);
  const rule = ruleSchema.parse(ruleFromRow(row));
  if (version !== undefined && row.version !== version) {
    const { id: _, ...value } = rule;
    throw await editConflict(tx, "Rule", ruleId, false, { version: row.version, value });
  }
  return {
    row,
    rule,
    place: placeWords(row.name, row.proxyAction.name, row.ruleset),
  };
}

function placeWords(rule: string, proxyAction: string, ruleset: string): string {
  return `rule "${rule}" of ${proxyAction}, ${ruleset}`;
}

/** The ids of a ruleset's rules, in order. */
export async function orderedIds(tx: Transaction, proxyActionId: string, ruleset: string): Promise<string[]> {
  const rows = await tx.rule.findMany({
    where: { proxyActionId, ruleset },
    orderBy: { rank: "asc" },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/** Gives the rules the order of the ids. */
export async function writeOrder(tx: Transaction, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE "Rule" SET rank = place.position::int - 1
    FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS place(id, position)
    WHERE "Rule".id = place.id AND "Rule".rank <> place.position - 1`;
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
