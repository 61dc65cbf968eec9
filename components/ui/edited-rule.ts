"use client";
import { createContext, useContext } from "react";
import type { Rule } from "#core/contract/rule.ts";
import type { RulePlace } from "#lib/proxy-actions/queries.ts";
import type { TypedRule } from "#lib/simulator/simulator-input.ts";

/** The rule in an open editor, for what stands beside its fields. */
export type EditedRule = {
  place: RulePlace;
  target: TypedRule["target"];
  /** As it is typed; null while it is not complete. */
  rule: Omit<Rule, "id"> | null;
  /** It was wanted before it was complete: its fields are to say what they lack. */
  onIncomplete: () => void;
  /** How often its test was asked for: each leads there. */
  testsAsked: number;
};

export const EditedRuleContext = createContext<EditedRule | null>(null);

export function useEditedRule(): EditedRule {
  const edited = useContext(EditedRuleContext);
  if (edited === null) throw new Error("no rule is edited here");
  return edited;
}
