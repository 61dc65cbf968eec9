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

/** An address as in RCPT, in ASCII or UTF-8; the exact check is `core/policy`'s. */
const addressSchema = z
  .string()
  .min(3)
  .max(320)
  .regex(/^[^\s<>@]+@[^\s<>@]+$/, "write an address: user@example.com");
const domainText = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\s<>@]+$/, "write a domain: example.com");

/**
 * How an address becomes another one. pattern, to: RE2 over the whole address, `$1` to `$9` are its groups. domains: the domain by another one.
 * aliases: the whole address by one or more (several only for a recipient).
 */
const rewriteSchema = z
  .strictObject({
    kind: z.literal("rewrite"),
    pattern: z.string().min(1).max(1024).optional(),
    to: z.string().min(1).max(320).optional(),
    domains: z.record(domainText, domainText).optional(),
    aliases: z.record(addressSchema, z.array(addressSchema).min(1).max(100)).optional(),
  })
  .refine((form) => [form.pattern, form.domains, form.aliases].filter((given) => given !== undefined).length === 1, {
    message: "rewrite with exactly one of pattern, domains, aliases",
  })
  .refine(({ pattern, to }) => (pattern === undefined) === (to === undefined), {
    message: "pattern and to belong together",
    path: ["to"],
  });

const canonicalActionSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("allow") }),
  z.strictObject({ kind: z.literal("deny"), reply: replySchema(5).optional() }),
  z.strictObject({ kind: z.literal("tempfail"), reply: replySchema(4).optional() }),
  z.strictObject({ kind: z.literal("drop"), reply: replySchema(5).optional() }),
  z.strictObject({ kind: z.literal("block"), minutes: z.number().int().min(1).max(10_080).default(20) }),
  z.strictObject({ kind: z.literal("replace") }),
  rewriteSchema,
  z.strictObject({ kind: z.literal("redirect"), to: addressSchema }),
  z.strictObject({ kind: z.literal("copy"), to: addressSchema }),
]);

export type Action = z.infer<typeof canonicalActionSchema>;
export type ActionKind = Action["kind"];

/**
 * What a rule does. allow: go on. deny: refuse with 5xx. tempfail: refuse with 4xx. drop: refuse and close.
 * block: drop, and refuse the source for `minutes`. replace: POP3, a notice takes the message's place.
 * rewrite: allow, with another address in the envelope. redirect: allow, the recipient becomes `to`. copy: allow, `to` gets the message too.
 * People write `deny`, `{ deny: { code, enhanced, text } }`, `{ block: { minutes } }` or `{ redirect: { to } }`; the parsed form has a `kind`.
 */
export const actionSchema = z.preprocess(fromShorthand, canonicalActionSchema);

const withReply = ["deny", "tempfail", "drop"];

function fromShorthand(input: unknown): unknown {
  if (typeof input === "string") return { kind: input };
  if (typeof input !== "object" || input === null || "kind" in input) return input;
  const [entry, ...rest] = Object.entries(input);
  if (entry === undefined || rest.length > 0) return input;
  const [kind, detail] = entry;
  return withReply.includes(kind) ? { kind, reply: detail as unknown } : { kind, ...(detail as object) };
}

/** The form that people write: the inverse of the parse. */
export function actionShorthand(action: Action): unknown {
  if (action.kind === "block") return action.minutes === 20 ? "block" : { block: { minutes: action.minutes } };
  if ("reply" in action && action.reply !== undefined) return { [action.kind]: action.reply };
  const { kind, ...detail } = action;
  return Object.values(detail).some((value) => value !== undefined) ? { [kind]: detail } : kind;
}

const smtpActions: readonly ActionKind[] = ["allow", "deny", "tempfail", "drop", "block"];
const envelopeActions: { [S in Stage]?: readonly ActionKind[] } = {
  sender: ["rewrite", "copy"],
  recipient: ["rewrite", "redirect", "copy"],
};
const pop3CommandActions: readonly ActionKind[] = ["allow", "deny"];
const pop3ContentActions: readonly ActionKind[] = ["allow", "replace"];

/** The actions that make sense in a ruleset. */
export function legalActions(protocol: Protocol, stage: Stage): readonly ActionKind[] {
  if (protocol === "smtp") return [...smtpActions, ...(envelopeActions[stage] ?? [])];
  return stage === "command" ? pop3CommandActions : pop3ContentActions;
}
