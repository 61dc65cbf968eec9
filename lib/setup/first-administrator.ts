import { z } from "zod";
import { emailSchema } from "#lib/auth/credentials.ts";
import { passwordLengthMax, passwordLengthMin } from "#lib/auth/password-length.ts";

/** What the setup page asks for. */
export const firstAdministratorSchema = z.strictObject({
  token: z.string().min(1).max(200),
  name: z
    .string()
    .trim()
    .min(1, "Enter your name; the audit log shows it.")
    .max(100, "A name has at most 100 characters.")
    .regex(/^[^\p{Cc}\p{Cf}]+$/u, "A name has no control characters."),
  email: emailSchema,
  password: z
    .string()
    .min(passwordLengthMin, `Use at least ${passwordLengthMin} characters.`)
    .max(passwordLengthMax, `Use at most ${passwordLengthMax} characters.`),
});
export type FirstAdministrator = z.infer<typeof firstAdministratorSchema>;
