import { z } from "zod";
import { grantableSchema, roleSchema } from "#core/contract/role.ts";
import { emailSchema, personNameSchema } from "#lib/auth/credentials.ts";

const grantsSchema = z.array(grantableSchema).max(grantableSchema.options.length);

export const addPersonSchema = z.strictObject({
  name: personNameSchema,
  email: emailSchema,
  role: roleSchema,
  /** Granted besides the role. */
  permissions: grantsSchema,
});
export type NewPerson = z.infer<typeof addPersonSchema>;

export const personRefSchema = z.strictObject({ userId: z.uuid() });
export type PersonRef = z.infer<typeof personRefSchema>;

export const changePersonSchema = addPersonSchema.pick({ role: true, permissions: true }).extend(personRefSchema.shape);
export type PersonChange = z.infer<typeof changePersonSchema>;
