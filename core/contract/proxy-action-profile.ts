import { z } from "zod";
import { pop3ProxyActionSchema, smtpProxyActionSchema } from "./policy-document.ts";

/** A proxy action without its rules: what its form edits. */
export const profileSchema = z.discriminatedUnion("protocol", [
  smtpProxyActionSchema.omit({ rulesets: true }),
  pop3ProxyActionSchema.omit({ rulesets: true }),
]);
export type Profile = z.infer<typeof profileSchema>;
