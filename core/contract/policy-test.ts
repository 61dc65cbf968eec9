import { z } from "zod";
import { verdictSchema } from "./decision.ts";
import { nameSchema } from "./name.ts";
import { givenInputSchema, lineText } from "./simulation-input.ts";

export const policyTestsMax = 500;
/** Of the message of a test, in characters. */
export const testMessageMax = 65_536;
/** Of the messages of all tests. */
export const testMessagesMax = 4 * 1_048_576;

/**
 * A message that must fare as `must` says whenever the policy is published. `given.at` absent: whenever it is run. `must.verdict`: any of
 * these; `rule`: the rule that decides, by its name; `reply`: a part of what the client hears.
 */
export const policyTestSchema = z.strictObject({
  name: nameSchema,
  given: givenInputSchema,
  /** Its source; absent: only the envelope is judged. */
  message: z.string().max(testMessageMax).optional(),
  must: z.strictObject({
    verdict: z.array(verdictSchema).min(1),
    rule: nameSchema.optional(),
    reply: lineText(200).min(1).optional(),
  }),
});
export type PolicyTest = z.infer<typeof policyTestSchema>;
