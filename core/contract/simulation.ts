import { z } from "zod";
import { stageSchema, traceStepSchema } from "./decision.ts";
import { messageEventSchema, sessionEventSchema } from "./event.ts";
import { policyDocumentSchema } from "./policy-document.ts";
import { simulationInputSchema } from "./simulation-input.ts";

/** A message that is tried, in bytes of its text or as base64. */
export const simulatedMessageBytesMax = 32 * 1024 * 1024;
/** Of a message that somebody pastes or uploads: what a server action takes, as base64. */
export const pastedMessageBytesMax = 6 * 1024 * 1024;
export const simulationRequestBytesMax = 64 * 1024 * 1024;
/** Messages in one request. */
const trialsMax = 500;
/** Of what is shown before and after a change. Characters. */
export const shownTextMax = 262_144;
export const ruleLooksMax = 4_000;

/** What is asked outside while it is tried. Not asked: senders are taken to have no records, and scanners to find nothing. */
export const simulationAskSchema = z.strictObject({ dns: z.boolean(), scanners: z.boolean() });

const trialSchema = z.strictObject({
  input: simulationInputSchema,
  /** The bytes of the message; null: only the envelope is judged. */
  message: z
    .base64()
    .max(Math.ceil((simulatedMessageBytesMax * 4) / 3) + 4)
    .nullable(),
  /** Whether every rule is looked at, and what goes on is compared. */
  full: z.boolean(),
});
export type Trial = z.infer<typeof trialSchema>;

export const simulationRequestSchema = z.strictObject({
  document: policyDocumentSchema,
  revision: z.number().int().nonnegative(),
  trials: z.array(trialSchema).min(1).max(trialsMax),
  ask: simulationAskSchema,
});
export type SimulationRequest = z.infer<typeof simulationRequestSchema>;

/**
 * One rule of a ruleset, in order. matched null: its ruleset was never asked, because the message had been stopped before. reached: it was
 * its turn; else a rule before it had decided, or it is off or expired, and `matched` says what it would have said.
 */
export const ruleLookSchema = traceStepSchema.omit({ matched: true }).extend({
  stage: stageSchema,
  matched: z.boolean().nullable(),
  reached: z.boolean(),
  expired: z.boolean(),
});
export type RuleLook = z.infer<typeof ruleLookSchema>;

const copySchema = z.strictObject({
  /** POP3: whose mailbox it is. */
  recipients: z.array(z.string()),
  route: z.string(),
  /** As it goes on, where a line of it differs from what was given, cut to `shownTextMax`. Bytes outside of ASCII one character each. */
  after: z.string().nullable(),
  cut: z.boolean(),
});

const simulatedSchema = z.strictObject({
  /** The policy that takes the connection; null: none does, or it refuses. */
  policy: z.string().nullable(),
  /** What was said, in order, and what the client hears. */
  conversation: z.array(z.strictObject({ said: z.string(), reply: z.string().nullable() })).max(200),
  /**
   * What the worker would report, one for each treatment, and each command of a mailbox that was denied, reported or not; empty: nothing was
   * refused, and no message was given.
   */
  events: z.array(z.union([messageEventSchema, sessionEventSchema])).max(20),
  rules: z.array(ruleLookSchema).max(ruleLooksMax),
  /** Rules past `ruleLooksMax`. */
  rulesOmitted: z.number().int().nonnegative(),
  /** What would go on, one for each treatment; what RETR would give. */
  copies: z.array(copySchema).max(20),
  before: z.string().nullable(),
  /** What was not asked or not counted, in sentences. */
  notAsked: z.array(z.string()),
});
export type Simulated = z.infer<typeof simulatedSchema>;

/** One for each trial, in order. */
export const simulationAnswerSchema = z.strictObject({ simulated: z.array(simulatedSchema) });
export type SimulationAnswer = z.infer<typeof simulationAnswerSchema>;
