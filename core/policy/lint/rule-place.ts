import type { Stage } from "#core/contract/facts.ts";
import type { ProxyAction } from "#core/contract/policy-document.ts";
import type { Ruleset } from "#core/contract/rule.ts";
import type { StageDecision } from "../decide.ts";

export function refuses({ action }: StageDecision): boolean {
  return action.kind === "deny" || action.kind === "drop" || action.kind === "block" || action.kind === "tempfail";
}

/** Where in its ruleset the rule stands that decided. */
export function rulePath(action: ProxyAction, { stage, rule }: StageDecision): (string | number)[] {
  const rulesets: { [S in Stage]?: Ruleset | undefined } = action.rulesets;
  const index =
    rule === null ? -1 : (rulesets[stage]?.rules ?? []).findIndex(({ id, name }) => (id ?? name) === rule.id);
  return index === -1 ? ["noneMatched"] : ["rules", index];
}
