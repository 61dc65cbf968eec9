import { expect, it } from "vitest";
import { type TraceStep, traceStepsMax } from "#core/contract/decision.ts";
import type { StageDecision } from "#core/policy/decide.ts";
import { DecisionRecorder } from "#core/policy/decision-record.ts";

function step(ruleId: string, matched: boolean): TraceStep {
  return { stage: "header", ruleId, ruleName: ruleId, state: "on", matched, action: "deny", evidence: [] };
}

function decision(steps: TraceStep[]): StageDecision {
  const action = { kind: "allow" } as const;
  return {
    stage: "header",
    action,
    rule: null,
    evidence: [],
    changes: [],
    observed: [],
    steps,
    log: false,
    alarms: [],
  };
}

it("keeps one failure and one match of a rule that meets many header lines", () => {
  const recorder = new DecisionRecorder();
  for (let line = 0; line < 500; line++) recorder.add(decision([step("a", false), step("b", line === 300)]));
  const { trace, traceOmitted } = recorder.record(1);
  expect(trace.map(({ ruleId, matched }) => [ruleId, matched])).toEqual([
    ["a", false],
    ["b", false],
    ["b", true],
  ]);
  expect(traceOmitted).toBe(0);
});

it("shows only the rules that matched where nobody is told of the others, and omits nothing then", () => {
  const recorder = new DecisionRecorder(false);
  const failures = Array.from({ length: traceStepsMax + 50 }, (_, n) => step(`rule ${n}`, false));
  recorder.add(decision([...failures, step("the one", true)]));
  const record = recorder.fork().record(1);
  expect(record.trace.map(({ ruleName }) => ruleName)).toEqual(["the one"]);
  expect(record.traceOmitted).toBe(0);
  expect(recorder.hasFailed("a rule that was not asked")).toBe(true);
});

it("always shows the rule that matched last, also where more rules were looked at than are kept", () => {
  const recorder = new DecisionRecorder();
  const failures = Array.from({ length: traceStepsMax + 50 }, (_, n) => step(`rule ${n}`, false));
  recorder.add(decision([...failures, step("the one", true)]));
  const { trace, traceOmitted } = recorder.record(1);
  expect(trace).toHaveLength(traceStepsMax);
  expect(trace.at(-1)?.ruleName).toBe("the one");
  expect(traceOmitted).toBe(51);
});

it("names a rule that only observes once, however many recipients it meets", () => {
  const recorder = new DecisionRecorder();
  const observed = [{ ruleId: "o", ruleName: "watch", verdict: "deny" as const }];
  for (let recipient = 0; recipient < 50_000; recipient++) recorder.add({ ...decision([]), observed });
  expect(recorder.record(1).observed).toEqual(observed);
});

it("is decided by what stops the message, else by the first that strips something, else by the last rule that allowed", () => {
  const by = (name: string, action: StageDecision["action"]): StageDecision => ({
    ...decision([]),
    action,
    rule: { id: name, name },
  });
  const recorder = new DecisionRecorder();
  const verdict = () => [recorder.record(1).verdict, recorder.record(1).ruleName];
  recorder.add(by("first", { kind: "allow" }));
  recorder.add(by("second", { kind: "allow" }));
  expect(verdict()).toEqual(["allow", "second"]);
  recorder.add(by("strip", { kind: "strip" }));
  recorder.add(by("lock", { kind: "lock" }));
  recorder.add(by("third", { kind: "allow" }));
  expect(verdict()).toEqual(["strip", "strip"]);
  recorder.add(by("keep", { kind: "quarantine" }));
  recorder.add(by("deny", { kind: "deny" }));
  expect(verdict()).toEqual(["quarantine", "keep"]);
});
