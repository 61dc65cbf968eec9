import { z } from "zod";
import { policyTestSchema } from "#core/contract/policy-test.ts";

const version = z.number().int().positive();

/** `version` is the one that the editor saw. */
export const editPolicyTestSchema = z.strictObject({ testId: z.uuid(), version, test: policyTestSchema });
export type EditPolicyTest = z.infer<typeof editPolicyTestSchema>;

export const policyTestRefSchema = z.strictObject({ testId: z.uuid(), version });
export type PolicyTestRef = z.infer<typeof policyTestRefSchema>;
