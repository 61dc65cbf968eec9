import { z } from "zod";
import { nameSchema } from "./name.ts";

/** What the holder of a token may do: read policies, replace the draft, publish it. */
export const tokenScopeSchema = z.enum(["policy:read", "policy:apply", "policy:publish"]);
export type TokenScope = z.infer<typeof tokenScopeSchema>;

/** The days that a token may live. */
export const newTokenSchema = z.strictObject({
  name: nameSchema,
  scopes: z.array(tokenScopeSchema).min(1, "Choose what it may do."),
  days: z.int().min(1).max(730),
});
export type NewToken = z.infer<typeof newTokenSchema>;
