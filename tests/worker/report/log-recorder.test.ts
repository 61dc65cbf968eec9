import { pino } from "pino";
import { expect, test } from "vitest";
import { LogRecorder } from "#worker/report/log-recorder.ts";
import { messageEvent } from "../../support/report-samples.ts";

function recorderWith(level: string): { recorder: LogRecorder; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { recorder: new LogRecorder(log), lines };
}

const step = { stage: "sender" as const, state: "on" as const, action: "deny" as const, evidence: [] };
const { decision } = messageEvent();
const trace = [
  { ...step, ruleId: "a", ruleName: "passed by", matched: false },
  { ...step, ruleId: "b", ruleName: "decided", matched: true },
];

test("a refused message goes to the log, with the rules that matched and without those that did not", () => {
  const { recorder, lines } = recorderWith("info");
  const event = messageEvent({ outcome: "refused", decision: { ...decision, verdict: "deny", ruleId: "b", trace } });
  recorder.event(event);
  expect(lines).toMatchObject([{ msg: "message", event: { id: event.id, decision: { trace: [{ ruleId: "b" }] } } }]);
  // The event itself belongs to whoever made it.
  expect(event.decision.trace).toHaveLength(2);
});

test("what a decision rests on is told only to who looks for faults", () => {
  expect(recorderWith("info").recorder.tellsGrounds).toBe(false);
  expect(recorderWith("debug").recorder.tellsGrounds).toBe(true);
});

test("a message that went through by no rule's word is only told to who looks for faults, whole", () => {
  const event = messageEvent({ outcome: "relayed", decision: { ...decision, ruleId: null, observed: [], trace } });
  const usual = recorderWith("info");
  usual.recorder.event(event);
  expect(usual.lines).toEqual([]);
  const { recorder, lines } = recorderWith("debug");
  recorder.event(event);
  expect(lines).toMatchObject([{ msg: "message", event: { decision: { trace } } }]);
});
