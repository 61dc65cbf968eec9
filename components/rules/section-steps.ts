import type { BlockMove } from "#core/policy/rule-orders.ts";
import { beforeOf } from "./order-targets.ts";
import type { Gap } from "./row-drag.ts";

/** Where a block goes in its ruleset, and the section that it is to be in there, if that is asked for. */
export type PlaceInOrder = Pick<BlockMove["to"], "before" | "section">;
/** A rule in its order. */
export type SectionedRule = { id: string; section: string | undefined };

/** Where a block goes that is let go above a rule, or above or below the heading of its section. */
export function sectionDrop(
  rules: readonly SectionedRule[],
  block: readonly string[],
  { before, heading }: Pick<Gap, "before" | "heading">,
): PlaceInOrder {
  const sections = new Map(rules.map(({ id, section }) => [id, section]));
  const section = sections.get(before ?? "");
  if (heading === null || section === undefined) return { before };
  if (heading === "below") return { before, section };
  // Rules of the section above it are dragged to its end in the same gap.
  return block.every((id) => sections.get(id) === section) ? { before, section: null } : { before };
}

/** What is seen of a ruleset: some rules may be out of sight, those of folded sections too. */
export type SeenOrder = { rules: readonly SectionedRule[]; order: readonly string[]; folded: ReadonlySet<string> };

/**
 * Where a block goes by one step; undefined: nowhere. Each edge of a section is a step: rules in a row go out of theirs, or into the one that they
 * meet, before they go past a rule. All rules of a section go past another as a whole.
 */
export function sectionStep(seen: SeenOrder, block: ReadonlySet<string>, to: "up" | "down"): PlaceInOrder | undefined {
  const { rules, order, folded } = seen;
  const past = (section?: null | string): PlaceInOrder | undefined => {
    const before = beforeOf(order, block, to);
    return before === undefined ? undefined : { before, ...(section !== undefined && { section }) };
  };
  const row = rowOf(rules, block);
  if (row === null) return past();
  const { section, above, below } = row;
  const next = to === "up" ? above : below;
  const here = (into: string | null) => ({ before: below?.id ?? null, section: into });
  const isPart = section !== undefined && (above?.section === section || below?.section === section);
  if (isPart) return next?.section === section ? past(section) : here(null);
  if (next?.section === undefined || !order.includes(next.id)) return past(section === undefined ? null : undefined);
  if (section !== undefined) return { before: pastSection(rules, next, to) };
  return folded.has(next.section) ? past(null) : here(next.section);
}

type RuleRow = Record<"above" | "below", SectionedRule | undefined> & { section: string | undefined };

/** The block as rules that stand together, in one section or in none; null: they do not. */
function rowOf(rules: readonly SectionedRule[], block: ReadonlySet<string>): RuleRow | null {
  const first = rules.findIndex(({ id }) => block.has(id));
  const last = rules.findLastIndex(({ id }) => block.has(id));
  const inside = rules.slice(Math.max(0, first), last + 1);
  const section = inside[0]?.section;
  if (inside.length === 0 || !inside.every((rule) => block.has(rule.id) && rule.section === section)) return null;
  return { section, above: rules[first - 1], below: rules[last + 1] };
}

/** What a block goes before that goes past all rules of a section, from its rule `next` on. */
function pastSection(rules: readonly SectionedRule[], next: SectionedRule, to: "up" | "down"): string | null {
  const at = rules.indexOf(next);
  const isOther = ({ section }: SectionedRule) => section !== next.section;
  if (to === "up") return rules[rules.slice(0, at).findLastIndex(isOther) + 1]?.id ?? null;
  const end = rules.slice(at).findIndex(isOther);
  return end < 0 ? null : (rules[at + end]?.id ?? null);
}
