import { z } from "zod";
import { passwordLengthMax } from "./password-length.ts";

/** E-mail addresses are compared without regard to ASCII case; nothing else is folded. */
export const emailSchema = z
  .email({ message: "Enter an e-mail address, for example mara@example.org." })
  .max(254)
  .transform((email) => email.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()));

export const personNameSchema = z
  .string()
  .trim()
  .min(1, "Enter a name; the audit log shows it.")
  .max(100, "A name has at most 100 characters.")
  .regex(/^[^\p{Cc}\p{Cf}]+$/u, "A name has no control characters.");

export const credentialsSchema = z.object({ email: emailSchema, password: z.string().min(1).max(passwordLengthMax) });
export type Credentials = z.infer<typeof credentialsSchema>;
