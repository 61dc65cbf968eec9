import { expect } from "vitest";
import type { DecisionRecord, TraceStep } from "#core/contract/decision.ts";
import type { MessageEvent } from "#core/contract/event.ts";
import { type JudgedFacts, judgedFactsSchema } from "#core/contract/judged-facts.ts";
import type { CompiledPolicy } from "#core/policy/compile.ts";
import { PolicyReplay, type Replayed } from "#core/policy/replay.ts";
import { ReplayTrace } from "#core/policy/replay-trace.ts";
import type { ToldStep } from "#core/policy/tell.ts";
import { onlyPolicy } from "./tried-policy.ts";

export type ReplayedEvent = { judged: JudgedFacts; replayed: Replayed; steps: readonly ToldStep[] };

/** Judges what a worker told of a message again, with a trace. `under`: what judged it. */
export function replayedEvent(event: MessageEvent, under: CompiledPolicy, now: CompiledPolicy): ReplayedEvent {
  const judged = judgedFactsSchema.parse(JSON.parse(event.judged ?? ""));
  const { verdict } = event.decision;
  const message = { judged, at: Date.parse(event.at), policy: event.policy, verdict };
  const [replay, trace] = [new PolicyReplay(now), new ReplayTrace()];
  const replayed = replay.replay(message, under, trace);
  // The trace changes nothing.
  expect(replay.replay(message, under)).toEqual(replayed);
  return { judged, replayed, steps: trace.told.steps };
}

/**
 * Throws unless what was said is what the worker decided under `now`, and each step its trace's: all of them in its order where there is a
 * decision. Nothing is compared of a rule of which it could not be said once, nor whether a ruleset without rules was asked.
 * `isCopy`: of the copies of a message the first alone tells of the recipients who were refused, at the end.
 */
export function expectSame(
  { replayed, steps }: ReplayedEvent,
  decision: DecisionRecord,
  now: CompiledPolicy,
  isCopy: boolean,
): void {
  const unsaid = new Set(steps.flatMap((step) => (step.matched === null ? [placeOf(step)] : [])));
  const again = steps.filter((step) => !unsaid.has(placeOf(step)));
  const then = decision.trace
    .filter((step) => !unsaid.has(placeOf(step)) && hasRules(now, step))
    .map((step) => {
      const same = again.find((one) => one.matched === step.matched && placeOf(one) === placeOf(step));
      return same?.evidence === null ? { ...step, evidence: null } : step;
    });
  if (replayed.kind === "not-replayable") {
    for (const step of again) {
      if (step.stage !== "recipient") expect(then).toContainEqual(step);
      // A trace shows the first recipient with whom a rule fared so: that may be one of whom nobody heard at that time.
      else if (!isCopy) expect(then.map(faring)).toContainEqual(faring(step));
    }
    return;
  }
  const { verdict, ruleId, ruleName } = decision;
  expect(replayed).toEqual({ kind: "decided", verdict, rule: ruleId === null ? null : { id: ruleId, name: ruleName } });
  const extra = again.slice(then.length).filter(({ stage }) => !isCopy || stage !== "recipient");
  expect([...again.slice(0, then.length), ...extra]).toEqual(then);
}

function faring({ evidence: _, ...step }: ToldStep) {
  return step;
}

function placeOf({ stage, ruleId }: Pick<ToldStep, "stage" | "ruleId">): string {
  return `${stage} ${ruleId}`;
}

function hasRules(policy: CompiledPolicy, { stage, ruleId, action }: TraceStep): boolean {
  const ruleset = onlyPolicy(policy).action.rulesets.get(stage);
  return ruleId !== null || action !== "allow" || (ruleset?.rules.length ?? 0) > 0;
}
