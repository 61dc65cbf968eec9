import type { Action } from "#core/contract/action.ts";
import { type Evidence, type TraceStep, type Verdict, verdictOf } from "#core/contract/decision.ts";
import type { Facts, Stage } from "#core/contract/facts.ts";
import type { CompiledProxyAction, CompiledRule, CompiledRuleset } from "./compile.ts";

/** Changes a message and lets the rules that follow speak: a `modify`, or at the message stage a `copy`. */
export type MessageChange = { rule: { id: string; name: string } | null; action: ChangeAction };
type ChangeAction = Extract<Action, { kind: "modify" | "copy" }>;

/** What one ruleset says about the facts known at its stage. */
export type StageDecision = {
  stage: Stage;
  action: Action;
  /** null: no rule matched, `noneMatched` decided. */
  rule: { id: string; name: string } | null;
  evidence: Evidence[];
  /** Of the rules that matched before the one that decided, in their order. */
  changes: MessageChange[];
  /** Rules in state observe that matched: what they would have done. */
  observed: { ruleId: string; ruleName: string; verdict: Verdict }[];
  steps: TraceStep[];
  log: boolean;
  /** Rules with `alarm` that matched, observing ones too. */
  alarms: { ruleId: string; ruleName: string }[];
};

const allow: Action = { kind: "allow" };
const never = () => false;

/**
 * First match wins, then `noneMatched`; a rule that only changes the message is carried out and passed over. A rule in state observe is evaluated and recorded and never decides. Pure:
 * `now`, in milliseconds since 1970, tells which rules have expired.
 * `failedBefore` says of a rule id that the trace already shows it failing: then there is no step when it fails again.
 */
export function decide(
  action: CompiledProxyAction,
  stage: Stage,
  facts: Facts,
  now: number,
  failedBefore: (ruleId: string) => boolean = never,
): StageDecision {
  const ruleset = action.rulesets.get(stage);
  if (ruleset === undefined)
    return {
      stage,
      action: allow,
      rule: null,
      evidence: [],
      changes: [],
      observed: [],
      steps: [],
      log: false,
      alarms: [],
    };
  ruleset.onAsked?.(facts);
  const alarms: StageDecision["alarms"] = [];
  const observed: StageDecision["observed"] = [];
  const steps: TraceStep[] = [];
  const changes: MessageChange[] = [];
  for (const rule of ruleset.rules) {
    if (rule.expiresAt <= now) continue;
    const matched = rule.holds(facts);
    if (!matched && failedBefore(rule.id)) continue;
    const evidence = rule.evidence(facts);
    steps.push(ruleStep(stage, rule, matched, evidence));
    if (!matched) continue;
    if (rule.alarm) alarms.push({ ruleId: rule.id, ruleName: rule.name });
    if (rule.state === "observe")
      observed.push({ ruleId: rule.id, ruleName: rule.name, verdict: verdictOf(rule.action.kind) });
    else {
      const { id, name, action: decided, log } = rule;
      if (goesOn(decided, stage)) changes.push({ rule: { id, name }, action: decided });
      else return { stage, action: decided, rule: { id, name }, evidence, changes, observed, steps, log, alarms };
    }
  }
  steps.push(noneMatchedStep(stage, ruleset));
  const { action: last, log } = ruleset.noneMatched;
  if (goesOn(last, stage)) changes.push({ rule: null, action: last });
  const decided = goesOn(last, stage) ? allow : last;
  return { stage, action: decided, rule: null, evidence: [], changes, observed, steps, log, alarms };
}

/** Whether the rules after one with this action are asked all the same. */
export function goesOn(action: Action, stage: Stage): action is ChangeAction {
  return action.kind === "modify" || (action.kind === "copy" && stage === "message");
}

/** A rule that was looked at, and what was found. */
export function ruleStep<M, E>(stage: Stage, rule: CompiledRule, matched: M, evidence: E) {
  const { id, name, state, action } = rule;
  return { stage, ruleId: id, ruleName: name, state, matched, action: action.kind, evidence };
}

export function noneMatchedStep(stage: Stage, { noneMatched }: CompiledRuleset): TraceStep {
  return {
    stage,
    ruleId: null,
    ruleName: "none matched",
    state: "on",
    matched: true,
    action: noneMatched.action.kind,
    evidence: [],
  };
}
