"use client";
import { createContext, type ReactNode, useContext } from "react";
import type { FactName, Protocol } from "#core/contract/facts.ts";
import type { ConditionPlace } from "#core/policy/check-rulesets.ts";
import type { RuleChoices, RulePlace } from "#lib/proxy-actions/queries.ts";
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

/** Where a condition of the ruleset stands and what it can name, for the check that the console and the workers make too. */
export function useConditionPlace({ protocol, ruleset }: RulePlace): ConditionPlace {
  const { lists, dictionaries, notices } = useRuleChoices();
  return {
    protocol,
    stage: ruleset,
    lists: new Map(lists.map(({ name, kind }) => [name, kind])),
    notices: new Set(notices),
    dictionaries,
  };
}
