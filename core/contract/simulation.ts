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
/** Of what is shown of a change, in lines and in characters; a line is cut to `shownLineMax`. */
export const changedLinesMax = 400;
export const shownTextMax = 32_768;
export const shownLineMax = 500;
/** In a mailbox that is tried. */
export const mailboxMessagesMax = 10;
export const ruleLooksMax = 4_000;

/** The id under which a rule is tried that is in no policy yet. */
export const newRuleId = "00000000-0000-4000-8000-000000000000";

/** What is asked outside while it is tried. Not asked: senders are taken to have no records, and scanners to find nothing. */
export const simulationAskSchema = z.strictObject({ dns: z.boolean(), scanners: z.boolean() });

const trialSchema = z.strictObject({
  input: simulationInputSchema,
  /** The bytes of the message; null: only the envelope is judged. */
  message: z
    .base64()
    .max(Math.ceil((simulatedMessageBytesMax * 4) / 3) + 4)
    .nullable(),
  /** POP3: what else lies in the mailbox, after it. */
  others: z
    .array(z.base64().max(Math.ceil((simulatedMessageBytesMax * 4) / 3) + 4))
    .max(mailboxMessagesMax - 1)
    .optional(),
  /** Whether every rule is looked at, and what goes on is compared. */
  full: z.boolean(),
});
export type Trial = z.infer<typeof trialSchema>;

const triedPolicyShape = { document: policyDocumentSchema, revision: z.number().int().nonnegative() };

export const simulationRequestSchema = z.strictObject({
  ...triedPolicyShape,
  /** Another policy under which the same is tried, in brief. */
  beside: z.strictObject(triedPolicyShape).optional(),
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

/** Where a message differs from what was given. `omitted`: lines past the caps. Bytes outside of ASCII one character each. */
const changeSchema = z.strictObject({
  hunks: z.array(
    z.strictObject({
      beforeLine: z.number().int(),
      afterLine: z.number().int(),
      lines: z.array(z.strictObject({ kind: z.enum(["same", "added", "removed"]), text: z.string() })),
    }),
  ),
  omitted: z.number().int().nonnegative(),
});
export type Change = z.infer<typeof changeSchema>;

const copySchema = z.strictObject({
  /** POP3: whose mailbox it is. */
  recipients: z.array(z.string()),
  route: z.string(),
  /** Of which message, from 1: a mailbox may have several. */
  number: z.number().int().positive(),
  /** null: it goes on as it came. */
  change: changeSchema.nullable(),
});

const simulatedSchema = z.strictObject({
  /** The policy that takes the connection; null: none does, or it refuses. */
  policy: z.string().nullable(),
  /** POP3: the server to which the login goes, `host:port`, and the route that leads there; null: none, or SMTP. */
  server: z.strictObject({ route: z.string(), target: z.string() }).nullable(),
  /** What was said, in order, and what the client hears. */
  conversation: z.array(z.strictObject({ said: z.string(), reply: z.string().nullable() })).max(200),
  /**
   * What the worker would report, one for each treatment, and each command of a mailbox that was denied, reported or not; empty: nothing was
   * refused, and no message was given.
   */
  events: z.array(z.union([messageEventSchema, sessionEventSchema])).max(50),
  rules: z.array(ruleLookSchema).max(ruleLooksMax),
  /** Rules past `ruleLooksMax`. */
  rulesOmitted: z.number().int().nonnegative(),
  /** What would go on, one for each treatment; what RETR would give, one for each message. */
  copies: z.array(copySchema).max(20),
  /** What was not asked or not counted, in sentences. */
  notAsked: z.array(z.string()),
});
export type Simulated = z.infer<typeof simulatedSchema>;

/** One for each trial, in order; `beside`: under the other policy, null where there is none, or none that can be compiled. */
export const simulationAnswerSchema = z.strictObject({
  simulated: z.array(simulatedSchema),
  beside: z.array(simulatedSchema).nullable(),
});
export type SimulationAnswer = z.infer<typeof simulationAnswerSchema>;
