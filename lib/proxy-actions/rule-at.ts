import { stageSchema } from "#core/contract/decision.ts";
import { type Rule, ruleSchema, rulesPerRulesetMax } from "#core/contract/rule.ts";
import { isSamePlace, type RulesetOrder, type RulesetPlace } from "#core/policy/rule-orders.ts";
import type { Arrangement } from "#core/policy/section-moves.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { ruleFromRow } from "#lib/revisions/draft-document.ts";
import { editConflict } from "#lib/revisions/edit-conflict.ts";

/** `words` name it in the audit log: `rule "executables" of Mail in, attachment`. */
export type FoundRule = { id: string; version: number; place: RulesetPlace; rule: Rule; words: string };

type AskedRule = { ruleId: string; version?: number };

/** A rule of the draft. Fails with EDIT_CONFLICT when it is gone, or is not the version that was seen. */
export async function ruleAt(tx: Transaction, asked: AskedRule): Promise<FoundRule> {
  const [found] = await rulesAt(tx, [asked]);
  if (found === undefined) throw new RangeError("one rule gives one");
  return found;
}

/** The same for many, in the order in which they stand in their rulesets. */
export async function rulesAt(tx: Transaction, asked: readonly AskedRule[]): Promise<FoundRule[]> {
  const rows = await tx.rule.findMany({
    where: { id: { in: asked.map(({ ruleId }) => ruleId) } },
    orderBy: [{ proxyActionId: "asc" }, { ruleset: "asc" }, { rank: "asc" }],
    include: { proxyAction: { select: { name: true } } },
  });
  const found = new Map(rows.map((row) => [row.id, row]));
  for (const { ruleId, version } of asked) {
    const row = found.get(ruleId);
    if (row === undefined) throw await editConflict(tx, "Rule", ruleId, true);
    if (version === undefined || row.version === version) continue;
    const { id: _, ...value } = ruleSchema.parse(ruleFromRow(row));
    throw await editConflict(tx, "Rule", ruleId, false, { version: row.version, value });
  }
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    place: { proxyActionId: row.proxyActionId, ruleset: stageSchema.parse(row.ruleset) },
    rule: ruleSchema.parse(ruleFromRow(row)),
    words: ruleWords(row.name, row.proxyAction.name, row.ruleset),
  }));
}

export function ruleWords(rule: string, proxyAction: string, ruleset: string): string {
  return `rule "${rule}" of ${proxyAction}, ${ruleset}`;
}

/** The ids of a ruleset's rules, in order. */
export async function orderedIds(tx: Transaction, place: RulesetPlace): Promise<string[]> {
  return (await orderedRules(tx, place)).map(({ id }) => id);
}

function orderedRules(tx: Transaction, { proxyActionId, ruleset }: RulesetPlace) {
  return tx.rule.findMany({
    where: { proxyActionId, ruleset },
    orderBy: { rank: "asc" },
    select: { id: true, section: true },
  });
}

/** The orders of all these rulesets, each once, with the sections of their rules. */
export async function arrangementOf(tx: Transaction, places: readonly RulesetPlace[]): Promise<Arrangement> {
  const orders: RulesetOrder[] = [];
  const sections = new Map<string, string>();
  for (const { proxyActionId, ruleset } of places) {
    const place = { proxyActionId, ruleset };
    if (orders.some((order) => isSamePlace(order.place, place))) continue;
    const rules = await orderedRules(tx, place);
    orders.push({ place, ids: rules.map(({ id }) => id) });
    for (const { id, section } of rules) if (section !== null) sections.set(id, section);
  }
  return { orders, sections };
}

/** Gives the rules of one ruleset the order of the ids. Fails with LIMIT_REACHED when they are too many for it. */
export async function writeOrder(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length > rulesPerRulesetMax)
    throw new PublicError(
      "LIMIT_REACHED",
      `Not saved: a ruleset has at most ${rulesPerRulesetMax} rules. Delete some, or put what they ask about into a list.`,
    );
  await tx.$executeRaw`
    UPDATE "Rule" SET rank = place.position::int - 1
    FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS place(id, position)
    WHERE "Rule".id = place.id AND "Rule".rank <> place.position - 1`;
}
