import { z } from "zod";
import { mailboxMessagesMax, pastedMessageBytesMax, simulationAskSchema } from "#core/contract/simulation.ts";
import { simulationInputSchema } from "#core/contract/simulation-input.ts";

/** Which policy a message is tried against: the draft, what is live, or a revision by its number. */
export const triedPolicySchema = z.union([z.enum(["draft", "live"]), z.number().int().positive()]);
export type TriedPolicy = z.infer<typeof triedPolicySchema>;

const pasted = z.base64().max(Math.ceil((pastedMessageBytesMax * 4) / 3) + 4);

/** The message itself: pasted (base64), what is still kept of a past one by the id of its event, or none. */
export const triedMessageSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({ kind: z.literal("given"), base64: pasted }),
  z.strictObject({ kind: z.literal("kept"), id: z.string().regex(/^[\w-]{1,64}$/) }),
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
