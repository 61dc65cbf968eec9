import { z } from "zod";
import type { ActionKind } from "./action.ts";
import { ruleStateSchema } from "./rule.ts";

export const stageSchema = z.enum([
  "greeting",
  "auth",
  "sender",
  "recipient",
  "header",
  "attachment",
  "message",
  "command",
]);

/** What a matcher saw: the fact, the test in words, and the value that passed (or all that did not), cut to 200 characters. */
export const evidenceSchema = z.strictObject({ fact: z.string(), test: z.string(), observed: z.string() });
export type Evidence = z.infer<typeof evidenceSchema>;

/** One rule looked at, in order; a rule that meets many header lines or parts stands here with its first failure and its first match. */
export const traceStepSchema = z.strictObject({
  stage: stageSchema,
  /** null: the ruleset's `noneMatched`. */
  ruleId: z.string().nullable(),
  ruleName: z.string(),
  state: ruleStateSchema,
  matched: z.boolean(),
  /** What the rule does, or would do in state observe. */
  action: z.string(),
  evidence: z.array(evidenceSchema),
});
export type TraceStep = z.infer<typeof traceStepSchema>;

export const traceStepsMax = 200;

/**
 * What was decided. strip: it goes on without some of its lines or parts. quarantine: accepted and kept, for good or until a person approves it.
 * discard: accepted and thrown away. Actions that change the envelope, or add to the message, allow.
 */
export const verdictSchema = z.enum([
  "allow",
  "strip",
  "deny",
  "tempfail",
  "drop",
  "block",
  "replace",
  "quarantine",
  "discard",
]);
export type Verdict = z.infer<typeof verdictSchema>;

const verdicts: Readonly<Record<ActionKind, Verdict>> = {
  allow: "allow",
  rewrite: "allow",
  redirect: "allow",
  copy: "allow",
  modify: "allow",
  strip: "strip",
  "replace-part": "strip",
  lock: "strip",
  deny: "deny",
  tempfail: "tempfail",
  drop: "drop",
  block: "block",
  replace: "replace",
  quarantine: "quarantine",
  hold: "quarantine",
  discard: "discard",
};

/** The verdict of an action. */
export function verdictOf(kind: ActionKind): Verdict {
  return verdicts[kind];
}

/** Whether the message as it is goes to nobody. */
export function stopsMessage(verdict: Verdict): boolean {
  return verdict !== "allow" && verdict !== "strip";
}

/** A verdict, the rule that decided, the revision it stood in, and how it came about. */
export const decisionSchema = z.strictObject({
  verdict: verdictSchema,
  stage: stageSchema.nullable(),
  ruleId: z.string().nullable(),
  ruleName: z.string().nullable(),
  revision: z.number().int().nonnegative(),
  evidence: z.array(evidenceSchema),
  /** Rules in state observe that matched: what they would have done. */
  observed: z.array(z.strictObject({ ruleId: z.string(), ruleName: z.string(), verdict: verdictSchema })),
  trace: z.array(traceStepSchema).max(traceStepsMax),
  /** Rules with `alarm` that matched. */
  alarms: z.array(z.strictObject({ ruleId: z.string(), ruleName: z.string() })).optional(),
  /** Steps that were not kept, past `traceStepsMax`. */
  traceOmitted: z.number().int().nonnegative(),
});
export type DecisionRecord = z.infer<typeof decisionSchema>;
