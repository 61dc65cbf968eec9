import type { Action } from "#core/contract/action.ts";
import { type FactName, type Facts, facts as factTable, type Stage } from "#core/contract/facts.ts";
import type { CompiledRuleset } from "./compile.ts";
import type { Unknown } from "./compile-condition.ts";
import { goesOn, type StageDecision } from "./decide.ts";

/** What a ruleset decides, or why that cannot be said. */
export type Told = Pick<StageDecision, "action" | "rule"> | { unknown: string };

const allow: Action = { kind: "allow" };

/** `decide` for facts that are not all known: the same decision, or none. Rules that only observe, or change the message and go on, decide nothing. */
export function tell(
  ruleset: CompiledRuleset | undefined,
  stage: Stage,
  facts: Facts,
  unknown: Unknown,
  now: number,
): Told {
  if (ruleset === undefined) return { action: allow, rule: null };
  for (const rule of ruleset.rules) {
    if (rule.state === "observe" || rule.expiresAt <= now || goesOn(rule.action, stage)) continue;
    const holds = unknown.size === 0 ? rule.holds(facts) : rule.tells(facts, unknown);
    if (holds === null) return { unknown: `the rule "${rule.name}" asks for ${missing(rule.asks, unknown)}` };
    if (holds) return { action: rule.action, rule: { id: rule.id, name: rule.name } };
  }
  const { action } = ruleset.noneMatched;
  return { action: goesOn(action, stage) ? allow : action, rule: null };
}

/** Whether a ruleset decides anything at a moment, whatever it is asked. */
export function decides(ruleset: CompiledRuleset | undefined, stage: Stage, now: number): boolean {
  if (ruleset === undefined) return false;
  const { rules, noneMatched } = ruleset;
  const enforced = rules.some(
    ({ state, expiresAt, action }) => state === "on" && expiresAt > now && !goesOn(action, stage),
  );
  return enforced || (noneMatched.action.kind !== "allow" && !goesOn(noneMatched.action, stage));
}

function missing(asks: ReadonlySet<FactName>, unknown: Unknown): string {
  const names = [...asks].filter((name) => unknown.has(name));
  return names.map((name) => `the ${factTable[name].words}`).join(" and ");
}
