import { ruleStateSchema } from "#core/contract/rule.ts";
import { ruleSentence } from "#core/policy/explain.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudits } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { checkDraft, lockDraft } from "#lib/revisions/draft-lock.ts";
import { rulesAt } from "./rule-at.ts";
import type { DeleteRules, SetRuleSection, SetRuleStates } from "./rule-input.ts";

/** Turns rules on, to observe, or off. */
export async function setRuleStates(tx: Transaction, actor: Actor, { states }: SetRuleStates): Promise<void> {
  await lockDraft(tx);
  const wanted = new Map(states.map(({ ruleId, state }) => [ruleId, state]));
  const rules = await rulesAt(tx, states);
  const changed = rules.flatMap(({ id, rule, words }) => {
    const after = wanted.get(id) ?? rule.state;
    return after === rule.state ? [] : [{ id, words, before: rule.state, after }];
  });
  for (const state of ruleStateSchema.options) {
    const ids = changed.filter(({ after }) => after === state).map(({ id }) => id);
    if (ids.length > 0)
      await tx.rule.updateMany({ where: { id: { in: ids } }, data: { state, version: { increment: 1 } } });
  }
  if (changed.length > 0) await checkDraft(tx);
  const audits = changed.map(({ id, words, before, after }) => ({
    action: "rule.state",
    object: words,
    summary: `${before} → ${after}`,
    detail: { id, before, after },
  }));
  await appendAudits(tx, actor, audits);
}

/** Puts rules under a heading, or under none; where they stand stays. */
export async function setRuleSection(
  tx: Transaction,
  actor: Actor,
  { ruleIds, section }: SetRuleSection,
): Promise<void> {
  await lockDraft(tx);
  const rules = await rulesAt(
    tx,
    ruleIds.map((ruleId) => ({ ruleId })),
  );
  const changed = rules.filter(({ rule }) => (rule.section ?? null) !== section);
  await tx.rule.updateMany({
    where: { id: { in: changed.map(({ id }) => id) } },
    data: { section, version: { increment: 1 } },
  });
  const audits = changed.map(({ id, rule: { section: before = null }, words }) => ({
    action: "rule.section",
    object: words,
    summary: sectionWords(before, section),
    detail: { id, before, after: section },
  }));
  await appendAudits(tx, actor, audits);
}

/** `no section → Partners`. */
export function sectionWords(before: string | null, after: string | null): string {
  return `${before ?? "no section"} → ${after ?? "no section"}`;
}

/** Takes rules out of the draft; their counters and events stay. Fails with EDIT_CONFLICT when one is not the version that was seen. */
export async function deleteRules(tx: Transaction, actor: Actor, { rules: asked }: DeleteRules): Promise<void> {
  await lockDraft(tx);
  const rules = await rulesAt(tx, asked);
  await tx.rule.deleteMany({ where: { id: { in: rules.map(({ id }) => id) } } });
  await checkDraft(tx);
  const audits = rules.map(({ id, rule, words }) => ({
    action: "rule.delete",
    object: words,
    summary: ruleSentence(rule),
    detail: { id, before: rule },
  }));
  await appendAudits(tx, actor, audits);
}
