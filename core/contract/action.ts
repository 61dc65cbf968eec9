import { z } from "zod";
import type { Protocol, Stage } from "./facts.ts";
import { nameSchema } from "./name.ts";
import { templateSchema } from "./notice.ts";
import { quarantineCauseSchema } from "./quarantine.ts";

export const replyText = z
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

const quarantineDays = z.number().int().min(1).max(3_650).optional();
const noticeName = nameSchema.optional();

/** RFC 5322 §3.6.8. What tells where the parts are is not for rules to change. */
const headerNameSchema = z
  .string()
  .min(1)
  .max(76)
  .regex(/^[\x21-\x39\x3b-\x7e]+$/, "a header name is printable ASCII without blanks and colon")
  .regex(/^(?!(?:content-[^:]*|mime-version|received|return-path)$)/i, "this header line cannot be changed by a rule");

const insertedText = templateSchema(8_000);
const headerValue = templateSchema(900);

const headerChangeSchema = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("add"), name: headerNameSchema, value: headerValue }),
  z.strictObject({ do: z.literal("remove"), name: headerNameSchema }),
  z.strictObject({ do: z.literal("replace"), name: headerNameSchema, value: headerValue }),
]);

const modifySchema = z
  .strictObject({
    kind: z.literal("modify"),
    /** Before the subject, unless it stands there already. */
    tag: z
      .string()
      .min(1)
      .max(100)
      .regex(/^[^\p{Cc}]+$/u, "a tag is one line")
      .optional(),
    headers: z.array(headerChangeSchema).min(1).max(20).optional(),
    /** A disclaimer, or a warning. `html` absent: made from `text`. */
    banner: z
      .strictObject({
        text: insertedText,
        html: templateSchema(32_000).optional(),
        at: z.enum(["top", "bottom"]),
      })
      .optional(),
  })
  .refine(({ tag, headers, banner }) => tag !== undefined || headers !== undefined || banner !== undefined, {
    message: "say what changes: tag, headers or banner",
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
  z.strictObject({ kind: z.literal("strip"), notice: noticeName }),
  z.strictObject({
    kind: z.literal("replace-part"),
    fileName: z.string().min(1).max(200),
    contentType: z
      .string()
      .max(100)
      .regex(/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/, "a content type is like text/plain")
      .default("text/plain"),
    text: insertedText,
  }),
  z.strictObject({ kind: z.literal("lock"), notice: noticeName, days: quarantineDays }),
  z.strictObject({ kind: z.literal("quarantine"), cause: quarantineCauseSchema.optional(), days: quarantineDays }),
  z.strictObject({ kind: z.literal("hold"), days: quarantineDays }),
  z.strictObject({ kind: z.literal("discard") }),
  modifySchema,
]);

export type Action = z.infer<typeof canonicalActionSchema>;
export type ActionKind = Action["kind"];

/**
 * What a rule does. allow: go on. deny: refuse with 5xx. tempfail: refuse with 4xx. drop: refuse and close.
 * block: drop, and refuse the source for `minutes`. replace: POP3, a notice takes the message's place.
 * rewrite: allow, with another address in the envelope. redirect: allow, the recipient becomes `to`. copy: allow, `to` gets the message too.
 * strip: the header line or the part is taken out, a notice stands in the part's place. replace-part: a text of ours takes the part's place.
 * lock: strip, and the part is kept in quarantine under the id that the notice tells. quarantine: the message is accepted and kept (POP3: a notice
 * takes its place). hold: kept until a person approves it. discard: accepted and thrown away.
 * modify: the message is changed, and the rules after this one are asked all the same.
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

/** Part-wise actions: the rest of the message goes on and meets the rules that follow. */
const partActions: readonly ActionKind[] = ["strip", "replace-part", "lock"];
const contentActions: { [S in Stage]?: readonly ActionKind[] } = {
  header: ["strip", "quarantine"],
  attachment: [...partActions, "quarantine"],
  message: ["quarantine", "hold", "discard", "modify", "redirect", "copy"],
};
const pop3MessageActions: readonly ActionKind[] = ["quarantine", "modify"];
const smtpActions: readonly ActionKind[] = ["allow", "deny", "tempfail", "drop", "block"];
const envelopeActions: { [S in Stage]?: readonly ActionKind[] } = {
  sender: ["rewrite", "copy"],
  recipient: ["rewrite", "redirect", "copy"],
};
const pop3CommandActions: readonly ActionKind[] = ["allow", "deny"];
const pop3ContentActions: readonly ActionKind[] = ["allow", "replace"];

/** The actions that make sense in a ruleset. */
export function legalActions(protocol: Protocol, stage: Stage): readonly ActionKind[] {
  if (protocol === "smtp") return [...smtpActions, ...(envelopeActions[stage] ?? []), ...(contentActions[stage] ?? [])];
  if (stage === "command") return pop3CommandActions;
  return [...pop3ContentActions, ...((stage === "message" ? pop3MessageActions : contentActions[stage]) ?? [])];
}
