import { z } from "zod";
import { emailSchema, personNameSchema } from "#lib/auth/credentials.ts";
import { passwordLengthMax, passwordLengthMin } from "#lib/auth/password-length.ts";

/** What the setup page asks for. */
export const firstAdministratorSchema = z.strictObject({
  token: z.string().min(1).max(200),
  name: personNameSchema,
  email: emailSchema,
  password: z
    .string()
    .min(passwordLengthMin, `Use at least ${passwordLengthMin} characters.`)
    .max(passwordLengthMax, `Use at most ${passwordLengthMax} characters.`),
});
export type FirstAdministrator = z.infer<typeof firstAdministratorSchema>;

/** What it asks of somebody whose account an administrator made. */
export const chosenPasswordSchema = firstAdministratorSchema.pick({ token: true, password: true });
export type ChosenPassword = z.infer<typeof chosenPasswordSchema>;
