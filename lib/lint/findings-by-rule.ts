import type { FindingView } from "./queries.ts";

/** The findings that are about single rules, by the rule's id. */
export function findingsByRule(findings: readonly FindingView[]): Readonly<Record<string, FindingView[]>> {
  const byRule: Record<string, FindingView[]> = {};
  for (const finding of findings) {
    if (finding.place?.kind === "rule") (byRule[finding.place.id] ??= []).push(finding);
  }
  return byRule;
}
