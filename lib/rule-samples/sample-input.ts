import { z } from "zod";
import { stageSchema } from "#core/contract/decision.ts";
import { ruleInputSchema } from "#lib/proxy-actions/rule-input.ts";

/** A rule as its editor holds it, and where it stands or is to stand. */
export const ruleSamplesSchema = z.strictObject({
  proxyActionId: z.uuid(),
  ruleset: stageSchema,
  rule: ruleInputSchema,
});
export type RuleSamplesInput = z.output<typeof ruleSamplesSchema>;
