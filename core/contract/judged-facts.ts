import { z } from "zod";
import { stageSchema } from "./decision.ts";
import { type FactName, type Facts, facts } from "./facts.ts";

/** Characters of one reading; a longer one is not kept. */
export const judgedReadingMax = 300;
/** Readings of one fact at one step. */
export const judgedReadingsMax = 50;
/** Header lines, parts, recipients and what else is looked at, one by one. */
export const judgedStepsMax = 400;
/** Characters of one message's facts as JSON. */
export const judgedTextMax = 16_384;

const factNames = Object.keys(facts) as [FactName, ...FactName[]];
const valueSchemas = {
  text: z.array(z.string()).readonly(),
  number: z.number(),
  network: z.string(),
} as const;

const factsSchema = z.strictObject(
  Object.fromEntries(Object.entries(facts).map(([name, { kind }]) => [name, valueSchemas[kind].optional()])),
) as unknown as z.ZodType<Facts>;

const judgedStepSchema = z.strictObject({
  /** Where rules were asked; null: nowhere, these facts are known from here on. */
  stage: stageSchema.nullable(),
  /** Beside those known from before. One that is absent has no readings, or nobody looked for it. */
  facts: factsSchema,
  /** Facts of which readings are not kept: too long, too many, or what a body says. */
  cut: z.array(z.enum(factNames)).optional(),
  /** Of a recipient: taken in the end, or refused by a rule. Absent: by something else. */
  recipient: z.enum(["taken", "refused"]).optional(),
  /** From here on the message could not be read, and why. */
  unread: z.string().optional(),
});
export type JudgedStep = z.infer<typeof judgedStepSchema>;

/** What a message was judged by, in the order in which rules were asked: enough to ask other rules. Never what its bodies say. */
export const judgedFactsSchema = z.strictObject({
  /** Where the client had connected. */
  listener: z.strictObject({ address: z.string(), port: z.number().int() }),
  steps: z.array(judgedStepSchema).max(judgedStepsMax),
  /** Steps that are not kept. */
  omitted: z.number().int().nonnegative(),
  /** Whether header lines and parts were looked for; null: it did not come to its content. */
  looked: z.strictObject({ header: z.boolean(), attachment: z.boolean() }).nullable(),
  /** Something else than a rule refused it: a limit, a fault. */
  limited: z.literal(true).optional(),
});
export type JudgedFacts = z.infer<typeof judgedFactsSchema>;
