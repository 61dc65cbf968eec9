import type { Action } from "#core/contract/action.ts";
import type { Evidence, TraceStep } from "#core/contract/decision.ts";
import { type FactName, type Facts, facts as factTable, type Stage } from "#core/contract/facts.ts";
import type { CompiledRule, CompiledRuleset } from "./compile.ts";
import type { Unknown } from "./compile-condition.ts";
import { goesOn, noneMatchedStep, ruleStep, type StageDecision } from "./decide.ts";

/** What a ruleset decides; or why that cannot be said, and of which rule not. */
export type Told = Pick<StageDecision, "action" | "rule"> | { unknown: string; rule: { id: string; name: string } };

/** A rule as it was looked at again. `matched` null: it cannot be said; `evidence` null: not all that the rule asks for is known. */
export type ToldStep = Omit<TraceStep, "matched" | "evidence"> & {
  matched: boolean | null;
  evidence: Evidence[] | null;
};

const allow: Action = { kind: "allow" };

/**
 * `decide` for facts that are not all known: the same decision, or none. Rules that only observe, or change the message and go on, decide
 * nothing: they are looked at where `steps` takes the trace.
 */
export function tell(
  ruleset: CompiledRuleset | undefined,
  stage: Stage,
  facts: Facts,
  unknown: Unknown,
  now: number,
  steps: ToldStep[] | null = null,
): Told {
  if (ruleset === undefined) return { action: allow, rule: null };
  for (const rule of ruleset.rules) {
    const decides = rule.state === "on" && !goesOn(rule.action, stage);
    if (rule.expiresAt <= now || (!decides && steps === null)) continue;
    const holds = unknown.size === 0 ? rule.holds(facts) : rule.tells(facts, unknown);
    steps?.push(toldStep(stage, rule, holds, facts, unknown));
    if (!decides) continue;
    if (holds === false) continue;
    const decider = { id: rule.id, name: rule.name };
    if (holds === null) return { unknown: `it asks for ${missing(rule.asks, unknown)}`, rule: decider };
    return { action: rule.action, rule: decider };
  }
  if (hasSay(ruleset)) steps?.push(noneMatchedStep(stage, ruleset));
  const { action } = ruleset.noneMatched;
  return { action: goesOn(action, stage) ? allow : action, rule: null };
}

/** The steps of a ruleset of which nothing can be said. */
export function untold(ruleset: CompiledRuleset | undefined, stage: Stage, now: number): ToldStep[] {
  if (ruleset === undefined || !hasSay(ruleset)) return [];
  const asked = ruleset.rules.filter(({ expiresAt }) => expiresAt > now);
  return [
    ...asked.map((rule) => ruleStep(stage, rule, null, null)),
    { ...noneMatchedStep(stage, ruleset), matched: null, evidence: null },
  ];
}

/** A ruleset that has no rules and allows is not always asked. */
function hasSay({ rules, noneMatched }: CompiledRuleset): boolean {
  return rules.length > 0 || noneMatched.action.kind !== "allow";
}

function toldStep(stage: Stage, rule: CompiledRule, matched: boolean | null, facts: Facts, unknown: Unknown): ToldStep {
  const isKnown = ![...rule.asks].some((fact) => unknown.has(fact));
  return ruleStep(stage, rule, matched, isKnown ? rule.evidence(facts) : null);
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
