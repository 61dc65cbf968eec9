import type { Stage } from "#core/contract/facts.ts";
import type { ProxyAction } from "#core/contract/policy-document.ts";
import type { Rule, Ruleset } from "#core/contract/rule.ts";
import { goesOn } from "../decide.ts";
import type { AskedRule } from "./asked-rule.ts";
import type { Neighbours } from "./rule-neighbours.ts";

/** One ruleset as the checks of its order see it. */
export type RulesInOrder = {
  /** Of its rules, within the document. */
  path: readonly (string | number)[];
  /** In words: the proxy action and the stage. */
  where: string;
  action: ProxyAction;
  stage: Stage;
  noneMatched: Ruleset["noneMatched"];
  /** In their places; null: it is off or has expired, so nobody asks it. */
  rules: readonly (AskedRule | null)[];
  neighbours: Neighbours;
};

export type PlacedRule = Pick<AskedRule, "rule" | "n">;

/** Whether the rule takes what it matches away from the later ones for good. */
export function takesForGood(rule: Rule, stage: Stage): boolean {
  return rule.state === "on" && rule.expires === undefined && !goesOn(rule.action, stage);
}

/** `rule 3 "scripts"`. */
export function ruleWords({ rule, n }: PlacedRule): string {
  return `rule ${n + 1} "${rule.name}"`;
}
