"use client";
import { createContext, type ReactNode, useContext } from "react";
import { type FactName, factValues } from "#core/contract/facts.ts";
import type { RuleChoices } from "#lib/proxy-actions/queries.ts";

const Choices = createContext<RuleChoices>({ lists: [], dictionaries: [], notices: [] });

/** What rules can name, for every editor inside. */
export function RuleChoicesProvider({ choices, children }: { choices: RuleChoices; children: ReactNode }) {
  return <Choices value={choices}>{children}</Choices>;
}

export function useRuleChoices(): RuleChoices {
  return useContext(Choices);
}

/** The only readings that a fact can have, or null: any text. */
export function useFactValues(fact: FactName): readonly string[] | null {
  const { dictionaries } = useRuleChoices();
  return fact === "dictionary" ? dictionaries : factValues(fact);
}
