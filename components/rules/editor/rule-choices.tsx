"use client";
import { createContext, type ReactNode, useContext } from "react";
import type { FactName, Protocol } from "#core/contract/facts.ts";
import type { RuleChoices } from "#lib/proxy-actions/queries.ts";
import { factChoices } from "./fact-choices.ts";

const Choices = createContext<RuleChoices>({ lists: [], dictionaries: [], notices: [] });

/** What rules can name, for every editor inside. */
export function RuleChoicesProvider({ choices, children }: { choices: RuleChoices; children: ReactNode }) {
  return <Choices value={choices}>{children}</Choices>;
}

export function useRuleChoices(): RuleChoices {
  return useContext(Choices);
}

/** The readings of a fact to choose from, or null: any text. */
export function useFactChoices(fact: FactName, protocol: Protocol): readonly string[] | null {
  const { dictionaries } = useRuleChoices();
  return fact === "dictionary" ? dictionaries : factChoices(fact, protocol);
}
