import { type BlockMove, blockMoved, isSamePlace, type RulesetOrder } from "./rule-orders.ts";

/** The section of each rule that is in one, by its id. */
export type RuleSections = ReadonlyMap<string, string>;
export type Arrangement = { orders: readonly RulesetOrder[]; sections: RuleSections };

/**
 * Orders and sections after a block went to its place; null when the rule that it goes before is not there. Between two rules of one section the block
 * joins it, beside one it does when asked to. Else a rule keeps its section where all that stand with it under a heading go along, or where it lands
 * beside the others; so no move makes a section stand in more places than before.
 */
export function rearranged(before: Arrangement, move: BlockMove): Arrangement | null {
  const orders = blockMoved(before.orders, move);
  if (orders === null) return null;
  const moved = new Set(move.ruleIds);
  const ids = orders.find(({ place }) => isSamePlace(place, move.to))?.ids ?? [];
  const first = ids.findIndex((id) => moved.has(id));
  const block = ids.filter((id) => moved.has(id));
  const sectionAt = (index: number) => before.sections.get(ids[index] ?? "");
  const sections = new Map(before.sections);
  const beside = { above: sectionAt(first - 1), below: sectionAt(first + block.length) };
  const joined = joinedSection(beside, move.to.section);
  const kept = joined === undefined ? keptSections(before, block, move, beside) : new Set();
  for (const id of block) {
    if (joined !== undefined) sections.set(id, joined);
    else if (!kept.has(id)) sections.delete(id);
  }
  return { orders, sections };
}

type Beside = { above: string | undefined; below: string | undefined };

function joinedSection({ above, below }: Beside, asked: string | null | undefined): string | undefined {
  if (above === below) return above;
  return typeof asked === "string" && (above === asked || below === asked) ? asked : undefined;
}

/** The rules of a block that stay in the section that they are in. */
function keptSections(
  { orders, sections }: Arrangement,
  block: readonly string[],
  { ruleIds, to }: BlockMove,
  { above, below }: Beside,
): ReadonlySet<string> {
  const moved = new Set(ruleIds);
  const headed = orders.flatMap(({ ids }) => runsOf(ids, sections));
  const kept = new Set(headed.filter((run) => run.every((id) => moved.has(id))).flat());
  if (to.section === null) return kept;
  const goesOn = (ids: readonly string[], section: string | undefined) => {
    const end = ids.findIndex((id) => section === undefined || sections.get(id) !== section);
    for (const id of end < 0 ? ids : ids.slice(0, end)) kept.add(id);
  };
  goesOn(block, above);
  goesOn(block.toReversed(), below);
  return kept;
}

/** The ids that stand together under a heading each; what is in no section is in none. */
export function runsOf(ids: readonly string[], sections: RuleSections): string[][] {
  const runs: string[][] = [];
  ids.forEach((id, index) => {
    const section = sections.get(id);
    if (section === undefined) return;
    if (index > 0 && sections.get(ids[index - 1] ?? "") === section) runs.at(-1)?.push(id);
    else runs.push([id]);
  });
  return runs;
}
