import type { RuleView } from "#lib/policies/queries.ts";

/** Rules that follow each other under one heading. */
export type RuleSection = { name: string; ids: readonly string[] };

/** What a table shows in a row: a rule, or the heading of those after it. */
export type RulesLine = { view: RuleView } | { section: RuleSection };

/** The sections of rules that are shown, in their order. One whose rules stand apart is there as often. */
export function sectionsOf(shown: readonly RuleView[]): RuleSection[] {
  const sections: { name: string; ids: string[] }[] = [];
  let before: string | undefined;
  for (const { id, rule } of shown) {
    if (rule.section !== undefined && rule.section === before) sections.at(-1)?.ids.push(id);
    else if (rule.section !== undefined) sections.push({ name: rule.section, ids: [id] });
    before = rule.section;
  }
  return sections;
}

/** The rows for these rules: of a section that is `folded`, by name, its heading alone. */
export function rulesLines(
  shown: readonly RuleView[],
  sections: readonly RuleSection[],
  folded: ReadonlySet<string>,
): RulesLine[] {
  const first = new Map(sections.map((section) => [section.ids[0], section]));
  return shown.flatMap((view): RulesLine[] => {
    const section = first.get(view.id);
    const heading = section === undefined ? [] : [{ section }];
    return folded.has(view.rule.section ?? "") ? heading : [...heading, { view }];
  });
}
