import { z } from "zod";
import { credentialChangeSchema, credentialSchema } from "#core/contract/credential.ts";

const version = z.number().int().positive();

export const addCredentialSchema = credentialSchema;
export type AddCredential = z.infer<typeof addCredentialSchema>;

/** `version` is the one that the editor saw. */
export const editCredentialSchema = z.strictObject({
  credentialId: z.uuid(),
  version,
  credential: credentialChangeSchema,
});
export type EditCredential = z.infer<typeof editCredentialSchema>;

export const deleteCredentialSchema = z.strictObject({ credentialId: z.uuid(), version });
export type DeleteCredential = z.infer<typeof deleteCredentialSchema>;
