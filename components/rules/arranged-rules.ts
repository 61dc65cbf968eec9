import type { RuleState } from "#core/contract/rule.ts";
import type { BlockMove, RulesetPlace } from "#core/policy/rule-orders.ts";
import { rearranged } from "#core/policy/section-moves.ts";
import type { RuleView } from "#lib/policies/queries.ts";

/** What was asked for of the rules of a ruleset. */
export type RuleChange =
  | { kind: "move"; move: BlockMove }
  | { kind: "state"; ids: readonly string[]; state: RuleState }
  | { kind: "delete"; ids: readonly string[] };

/** The rules as they are once that is done. */
export function changedRules(rules: readonly RuleView[], change: RuleChange, place: RulesetPlace): readonly RuleView[] {
  if (change.kind === "move") return arrangedRules(rules, change.move, place);
  const ids = new Set(change.ids);
  if (change.kind === "delete") return rules.filter(({ id }) => !ids.has(id));
  return rules.map((view) => (ids.has(view.id) ? { ...view, rule: { ...view.rule, state: change.state } } : view));
}

/** The rules after a move, in their order and sections; a view stays the one that it was where its section does. */
export function arrangedRules(rules: readonly RuleView[], move: BlockMove, place: RulesetPlace): readonly RuleView[] {
  const sections = new Map(
    rules.flatMap(({ id, rule: { section } }) => (section === undefined ? [] : [[id, section] as const])),
  );
  const after = rearranged({ orders: [{ place, ids: rules.map(({ id }) => id) }], sections }, move);
  const [order] = after?.orders ?? [];
  if (after === null || order === undefined) return rules;
  const views = new Map(rules.map((view) => [view.id, view]));
  return order.ids.flatMap((id) => {
    const view = views.get(id);
    return view === undefined ? [] : inSection(view, after.sections.get(id));
  });
}

function inSection(view: RuleView, section: string | undefined): RuleView {
  if (view.rule.section === section) return view;
  const { section: _, ...rule } = view.rule;
  return { ...view, rule: { ...rule, ...(section !== undefined && { section }) } };
}

/** `at position 3 of 12, now in section “Partners”`. */
export function placeAfter(rules: readonly RuleView[], move: BlockMove, place: RulesetPlace): string {
  const moved = new Set(move.ruleIds);
  const after = arrangedRules(rules, move, place);
  const position = after.findIndex(({ id }) => moved.has(id)) + 1;
  const other = new Set(
    after.filter((view) => moved.has(view.id) && !rules.includes(view)).map(({ rule }) => rule.section),
  );
  const words = [...other].map((section) =>
    section === undefined ? "in no section any more" : `now in section “${section}”`,
  );
  return [`at position ${position} of ${rules.length}`, ...words].join(", ");
}
