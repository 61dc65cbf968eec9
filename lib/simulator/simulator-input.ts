import { z } from "zod";
import { stageSchema } from "#core/contract/decision.ts";
import { mailboxMessagesMax, pastedMessageBytesMax, simulationAskSchema } from "#core/contract/simulation.ts";
import { simulationInputSchema } from "#core/contract/simulation-input.ts";
import { ruleInputSchema } from "#lib/proxy-actions/rule-input.ts";
import { searchTextSchema } from "#lib/search.ts";

/** A rule as its editor holds it: in the place of one of the draft, or before one (null: at the end of its ruleset). */
export const typedRuleSchema = z.strictObject({
  proxyActionId: z.uuid(),
  ruleset: stageSchema,
  target: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("edit"), ruleId: z.uuid() }),
    z.strictObject({ kind: z.literal("new"), before: z.uuid().nullable() }),
  ]),
  rule: ruleInputSchema,
});
export type TypedRule = z.infer<typeof typedRuleSchema>;

/** Which policy a message is tried against: the draft, also with a rule as it is typed, what is live, or a revision by its number. */
export const triedPolicySchema = z.union([z.enum(["draft", "live"]), z.number().int().positive(), typedRuleSchema]);
export type TriedPolicy = z.infer<typeof triedPolicySchema>;

const pasted = z.base64().max(Math.ceil((pastedMessageBytesMax * 4) / 3) + 4);

const eventId = z.string().regex(/^[\w-]{1,64}$/);
export const pastMessageRefSchema = z.strictObject({ id: eventId });

/** `text`: in the subject, the sender or the id; null: the newest. `protocol` null: either. */
export const pastSearchSchema = z.strictObject({
  text: searchTextSchema,
  protocol: z.enum(["smtp", "pop3"]).nullable(),
});
export type PastSearch = z.output<typeof pastSearchSchema>;

/** The message itself: pasted (base64), what is still kept of a past one by the id of its event, its facts alone, or none. */
export const triedMessageSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({ kind: z.literal("given"), base64: pasted }),
  z.strictObject({ kind: z.enum(["kept", "facts"]), id: eventId }),
]);

export const trySchema = z.strictObject({
  policy: triedPolicySchema,
  input: simulationInputSchema,
  message: triedMessageSchema,
  /** POP3: what else lies in the mailbox. Together with the message within what may be pasted. */
  others: z.array(pasted).max(mailboxMessagesMax - 1),
  ask: simulationAskSchema,
});
export type Try = z.infer<typeof trySchema>;
