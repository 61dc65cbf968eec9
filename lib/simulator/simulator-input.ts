import { z } from "zod";
import { pastedMessageBytesMax, simulationAskSchema } from "#core/contract/simulation.ts";
import { simulationInputSchema } from "#core/contract/simulation-input.ts";

/** Which policy a message is tried against: the draft, what is live, or a revision by its number. */
export const triedPolicySchema = z.union([z.enum(["draft", "live"]), z.number().int().positive()]);
export type TriedPolicy = z.infer<typeof triedPolicySchema>;

/** The message itself: pasted (base64), what is still kept of a past one by the id of its event, or none. */
export const triedMessageSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({ kind: z.literal("given"), base64: z.base64().max(Math.ceil((pastedMessageBytesMax * 4) / 3) + 4) }),
  z.strictObject({ kind: z.literal("kept"), id: z.string().regex(/^[\w-]{1,64}$/) }),
]);

export const trySchema = z.strictObject({
  policy: triedPolicySchema,
  input: simulationInputSchema,
  message: triedMessageSchema,
  ask: simulationAskSchema,
});
export type Try = z.infer<typeof trySchema>;
