import { isSamePlace, type RulesetPlace } from "#core/policy/rule-orders.ts";
import { type Arrangement, rearranged } from "#core/policy/section-moves.ts";
import type { Actor } from "#lib/actor.ts";
import { type AuditDraft, appendAudits } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { checkDraft, lockDraft } from "#lib/revisions/draft-lock.ts";
import { sectionWords } from "./change-rules.ts";
import { openRuleset } from "./open-ruleset.ts";
import { arrangementOf, type FoundRule, rulesAt, ruleWords, writeOrder } from "./rule-at.ts";
import type { MoveRules } from "./rule-input.ts";

/**
 * Moves blocks of rules, one after the other; each keeps the order of its rules. Where they land they join sections or leave theirs, so that none is
 * parted. To another ruleset they go as they are, with ids and counters: fails with POLICY_INVALID when they are not legal there.
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
  const before = await arrangementOf(tx, [...rules.map(({ place }) => place), ...moves.map(({ to }) => to)]);
  let after = before;
  for (const move of moves) {
    const moved = rearranged(after, move);
    if (moved === null)
      throw new PublicError(
        "EDIT_CONFLICT",
        "Not moved: the rule that they go before is not there any more. The page shows the order as it is; move them again.",
      );
    after = moved;
  }
  await writeOrders(tx, before, after);
  await writeSections(tx, before, after);
  const audits = rules.flatMap((rule) => moveAudit(rule, placeIn(before, rule.id), placeIn(after, rule.id), names));
  if (audits.length > 0) await checkDraft(tx);
  await appendAudits(tx, actor, audits);
}

async function writeOrders(tx: Transaction, before: Arrangement, after: Arrangement) {
  for (const [n, { place, ids }] of after.orders.entries()) {
    const was = new Set(before.orders[n]?.ids);
    const arrived = ids.filter((id) => !was.has(id));
    if (arrived.length > 0) await tx.rule.updateMany({ where: { id: { in: arrived } }, data: place });
    await writeOrder(tx, ids);
  }
}

async function writeSections(tx: Transaction, before: Arrangement, after: Arrangement) {
  const changed = after.orders
    .flatMap(({ ids }) => ids)
    .filter((id) => before.sections.get(id) !== after.sections.get(id));
  for (const [section, ids] of Map.groupBy(changed, (id) => after.sections.get(id) ?? null))
    await tx.rule.updateMany({ where: { id: { in: ids } }, data: { section, version: { increment: 1 } } });
}

type Place = { place: RulesetPlace; position: number; section: string | null };

function placeIn({ orders, sections }: Arrangement, id: string): Place {
  const order = orders.find(({ ids }) => ids.includes(id));
  if (order === undefined) throw new RangeError(`rule ${id} stands nowhere`);
  return { place: order.place, position: order.ids.indexOf(id) + 1, section: sections.get(id) ?? null };
}

/** What the audit log tells of a rule that moved; nothing of one that did not. */
function moveAudit({ id, rule, words }: FoundRule, from: Place, to: Place, names: Map<string, string>): AuditDraft[] {
  const stays = isSamePlace(from.place, to.place);
  const section = from.section === to.section ? null : { before: from.section, after: to.section };
  const inSection = section === null ? "" : sectionWords(section.before, section.after);
  if (stays && from.position === to.position)
    return section === null
      ? []
      : [{ action: "rule.section", object: words, summary: inSection, detail: { id, ...section } }];
  const { proxyActionId, ruleset } = to.place;
  const target = stays ? "" : ` as ${ruleWords(rule.name, names.get(proxyActionId) ?? proxyActionId, ruleset)}`;
  const moved = stays
    ? { before: from.position, after: to.position }
    : { before: { ...from.place, position: from.position }, after: { ...to.place, position: to.position } };
  const summary = `Position ${from.position} → ${to.position}${target}${inSection === "" ? "" : `, ${inSection}`}`;
  const detail = { id, ...moved, ...(section !== null && { section }) };
  return [{ action: "rule.move", object: words, summary, detail }];
}
