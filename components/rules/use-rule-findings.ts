import { useMemo } from "react";
import { useDraftFindings } from "#components/ui/draft-findings.ts";
import type { FindingView } from "#core/policy/lint/lint-draft.ts";

/** What the lint says of each rule, by id. */
export function useRuleFindings(): ReadonlyMap<string, readonly FindingView[]> {
  const findings = useDraftFindings();
  return useMemo(
    () =>
      Map.groupBy(
        findings.filter(({ place }) => place?.kind === "rule"),
        ({ place }) => place?.id ?? "",
      ),
    [findings],
  );
}
