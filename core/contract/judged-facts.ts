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

/** By hand: thousands of messages are read in a second. */
const factsSchema = z.custom<Facts>(areFacts, { message: "not the facts of a message" });

const judgedStepSchema = z.strictObject({
  /** Where rules were asked; null: nowhere, these facts are known from here on. */
  stage: stageSchema.nullable(),
  /** Beside those known from before. One that is absent has no readings, or nobody looked for it. */
  facts: factsSchema,
  /** Facts of which readings are not kept: too long, too many, or what a body says. */
  cut: z.array(z.enum(factNames)).optional(),
  /** Of a recipient: taken in the end, or refused by a rule. Absent: by something else. */
  recipient: z.enum(["taken", "refused"]).optional(),
  /** A part that cannot be taken out of the message by itself. */
  fixed: z.literal(true).optional(),
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
  /** Recipients beside these were refused before rules were asked about them: by a limit, or for clear text. */
  unasked: z.literal(true).optional(),
  /** Something else than a rule refused it: a limit, a fault. */
  limited: z.literal(true).optional(),
});
export type JudgedFacts = z.infer<typeof judgedFactsSchema>;

/** Reads what is kept of a message as JSON text; null: it cannot be read. */
export function readJudgedFacts(text: string): JudgedFacts | null {
  try {
    return judgedFactsSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function areFacts(given: unknown): boolean {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return false;
  return Object.entries(given).every(([name, value]) => Object.hasOwn(facts, name) && isValue(name as FactName, value));
}

function isValue(name: FactName, value: unknown): boolean {
  if (facts[name].kind !== "text") return typeof value === (facts[name].kind === "number" ? "number" : "string");
  return Array.isArray(value) && value.every((reading) => typeof reading === "string");
}
