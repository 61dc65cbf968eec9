import { z } from "zod";
import type { Protocol, Stage } from "./facts.ts";

const replyText = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x20-\x7e]+$/, "use printable ASCII only: the text goes onto the wire");

/** A reply of ours: basic code, enhanced code (RFC 3463) of the same class, one line of text. */
function replySchema(digit: 4 | 5) {
  return z.strictObject({
    code: z
      .number()
      .int()
      .min(digit * 100)
      .max(digit * 100 + 99)
      .optional(),
    enhanced: z
      .string()
      .regex(new RegExp(`^${digit}\\.\\d{1,3}\\.\\d{1,3}$`), `an enhanced code of this action starts with ${digit}.`)
      .optional(),
    text: replyText.optional(),
  });
}

export type ReplyOverride = { code?: number | undefined; enhanced?: string | undefined; text?: string | undefined };

const canonicalActionSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("allow") }),
  z.strictObject({ kind: z.literal("deny"), reply: replySchema(5).optional() }),
  z.strictObject({ kind: z.literal("tempfail"), reply: replySchema(4).optional() }),
  z.strictObject({ kind: z.literal("drop"), reply: replySchema(5).optional() }),
  z.strictObject({ kind: z.literal("block"), minutes: z.number().int().min(1).max(10_080).default(20) }),
  z.strictObject({ kind: z.literal("replace") }),
]);

export type Action = z.infer<typeof canonicalActionSchema>;
export type ActionKind = Action["kind"];

/**
 * What a rule does. allow: go on. deny: refuse with 5xx. tempfail: refuse with 4xx. drop: refuse and close.
 * block: drop, and refuse the source for `minutes`. replace: POP3, a notice takes the message's place.
 * People write `deny` or `{ deny: { code, enhanced, text } }` or `{ block: { minutes } }`; the parsed form has a `kind`.
 */
export const actionSchema = z.preprocess(fromShorthand, canonicalActionSchema);

function fromShorthand(input: unknown): unknown {
  if (typeof input === "string") return { kind: input };
  if (typeof input !== "object" || input === null || "kind" in input) return input;
  const [entry, ...rest] = Object.entries(input);
  if (entry === undefined || rest.length > 0) return input;
  const [kind, detail] = entry;
  return kind === "block" ? { kind, ...(detail as object) } : { kind, reply: detail as unknown };
}

/** The form that people write: the inverse of the parse. */
export function actionShorthand(action: Action): unknown {
  if (action.kind === "block") return action.minutes === 20 ? "block" : { block: { minutes: action.minutes } };
  if ("reply" in action && action.reply !== undefined) return { [action.kind]: action.reply };
  return action.kind;
}

const smtpActions: readonly ActionKind[] = ["allow", "deny", "tempfail", "drop", "block"];
const pop3CommandActions: readonly ActionKind[] = ["allow", "deny"];
const pop3ContentActions: readonly ActionKind[] = ["allow", "replace"];

/** The actions that make sense in a ruleset. */
export function legalActions(protocol: Protocol, stage: Stage): readonly ActionKind[] {
  if (protocol === "smtp") return smtpActions;
  return stage === "command" ? pop3CommandActions : pop3ContentActions;
}
