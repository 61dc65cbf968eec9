import { legalActions } from "#core/contract/action.ts";
import type { Condition } from "#core/contract/condition.ts";
import { type FactName, factIsKnown, facts, type Protocol, type Stage } from "#core/contract/facts.ts";
import type { Rule } from "#core/contract/rule.ts";

/** Whether a rule can stand in the ruleset: its action is legal there, and every fact that it asks for is known. */
export function ruleFits({ when, action }: Pick<Rule, "when" | "action">, protocol: Protocol, stage: Stage): boolean {
  if (!legalActions(protocol, stage).includes(action.kind)) return false;
  return when === undefined || factsAsked(when).every((fact) => factIsKnown(fact, protocol, stage));
}

function factsAsked(condition: Condition): FactName[] {
  const groups = [condition.all, condition.any, condition.none].flatMap((group) => group ?? []);
  const own = Object.keys(condition).filter((key): key is FactName => key in facts);
  return [...own, ...groups.flatMap(factsAsked)];
}
