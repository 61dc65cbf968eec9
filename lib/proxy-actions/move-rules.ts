import { blockMoved, isSamePlace, type RulesetOrder, type RulesetPlace } from "#core/policy/rule-orders.ts";
import type { Actor } from "#lib/actor.ts";
import { type AuditDraft, appendAudits } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { checkDraft, lockDraft } from "#lib/revisions/draft-lock.ts";
import { openRuleset } from "./open-ruleset.ts";
import { type FoundRule, ordersOf, rulesAt, ruleWords, writeOrder } from "./rule-at.ts";
import type { MoveRules } from "./rule-input.ts";

/**
 * Moves blocks of rules, one after the other; each keeps the order of its rules. To another ruleset they go as they are, with ids and counters:
 * fails with "invalid" when they are not legal there.
 */
export async function moveRules(tx: Transaction, actor: Actor, { moves }: MoveRules): Promise<void> {
  await lockDraft(tx);
  const ids = new Set(moves.flatMap(({ ruleIds }) => ruleIds));
  const rules = await rulesAt(
    tx,
    [...ids].map((ruleId) => ({ ruleId })),
  );
  const names = new Map<string, string>();
  for (const { to } of moves) names.set(to.proxyActionId, (await openRuleset(tx, to.proxyActionId, to.ruleset)).name);
  const before = await ordersOf(tx, [...rules.map(({ place }) => place), ...moves.map(({ to }) => to)]);
  let after: RulesetOrder[] = before;
  for (const move of moves) {
    const moved = blockMoved(after, move);
    if (moved === null)
      throw new PublicError("conflict", "Not moved: the rule that they go before is not there any more.");
    after = moved;
  }
  await writeOrders(tx, before, after);
  const audits = rules.flatMap((rule) => moveAudit(rule, placeIn(before, rule.id), placeIn(after, rule.id), names));
  if (audits.length > 0) await checkDraft(tx);
  await appendAudits(tx, actor, audits);
}

async function writeOrders(tx: Transaction, before: readonly RulesetOrder[], after: readonly RulesetOrder[]) {
  for (const [n, { place, ids }] of after.entries()) {
    const was = new Set(before[n]?.ids);
    const arrived = ids.filter((id) => !was.has(id));
    if (arrived.length > 0) await tx.rule.updateMany({ where: { id: { in: arrived } }, data: place });
    await writeOrder(tx, ids);
  }
}

type Place = { place: RulesetPlace; position: number };

function placeIn(orders: readonly RulesetOrder[], id: string): Place {
  const order = orders.find(({ ids }) => ids.includes(id));
  if (order === undefined) throw new RangeError(`rule ${id} stands nowhere`);
  return { place: order.place, position: order.ids.indexOf(id) + 1 };
}

/** What the audit log tells of a rule that moved; nothing of one that did not. */
function moveAudit({ id, rule, words }: FoundRule, from: Place, to: Place, names: Map<string, string>): AuditDraft[] {
  const stays = isSamePlace(from.place, to.place);
  if (stays && from.position === to.position) return [];
  const { proxyActionId, ruleset } = to.place;
  const target = stays ? "" : ` as ${ruleWords(rule.name, names.get(proxyActionId) ?? proxyActionId, ruleset)}`;
  const detail = stays
    ? { id, before: from.position, after: to.position }
    : { id, before: { ...from.place, position: from.position }, after: { ...to.place, position: to.position } };
  const summary = `Position ${from.position} → ${to.position}${target}`;
  return [{ action: "rule.move", object: words, summary, detail }];
}
