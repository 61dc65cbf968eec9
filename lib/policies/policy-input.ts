import { z } from "zod";
import { policySchema } from "#core/contract/policy-document.ts";
import { orderTargetSchema } from "#lib/revisions/draft-order.ts";

const version = z.number().int().positive();

export const addPolicySchema = policySchema;
export type AddPolicy = z.infer<typeof addPolicySchema>;

/** `version` is the one that the editor saw. */
export const editPolicySchema = z.strictObject({ policyId: z.uuid(), version, policy: policySchema });
export type EditPolicy = z.infer<typeof editPolicySchema>;

export const setPolicyEnabledSchema = z.strictObject({ policyId: z.uuid(), enabled: z.boolean() });
export type SetPolicyEnabled = z.infer<typeof setPolicyEnabledSchema>;

export const movePolicySchema = z.strictObject({ policyId: z.uuid(), to: orderTargetSchema });
export type MovePolicy = z.infer<typeof movePolicySchema>;

export const clonePolicySchema = z.strictObject({ policyId: z.uuid() });
export type ClonePolicy = z.infer<typeof clonePolicySchema>;

export const deletePolicySchema = z.strictObject({ policyId: z.uuid(), version });
export type DeletePolicy = z.infer<typeof deletePolicySchema>;
