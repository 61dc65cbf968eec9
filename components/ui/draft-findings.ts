"use client";
import { createContext, use, useEffect } from "react";
import type { FindingView } from "#core/policy/lint/lint-draft.ts";

/** What the lint says of the draft as it stands; `need` is called by what shows it: on other pages nobody looks. */
type DraftFindings = { findings: readonly FindingView[]; need: () => void };

export const DraftFindingsContext = createContext<DraftFindings>({ findings: [], need: () => undefined });

/** The findings of the draft, the worst first; none until they are known. */
export function useDraftFindings(): readonly FindingView[] {
  const { findings, need } = use(DraftFindingsContext);
  useEffect(need, [need]);
  return findings;
}
