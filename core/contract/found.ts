import { z } from "zod";

/** What one may ask for: a part of a name, or the whole of an id, of a Message-ID or of a revision's number. */
export const findTextSchema = z
  .string()
  .trim()
  .min(1)
  .max(1_000)
  .regex(/^[^\0]*$/);

/** What can be found by its name or id. */
export const foundKindSchema = z.enum([
  "rule",
  "policy",
  "list",
  "proxy action",
  "interface",
  "route",
  "message",
  "connection",
  "revision",
]);
export type FoundKind = z.infer<typeof foundKindSchema>;

/** `id`: as the address of the object has it. `detail`: what tells it from others of that name. */
export const foundSchema = z.strictObject({
  kind: foundKindSchema,
  id: z.string(),
  name: z.string(),
  detail: z.string(),
});
export type Found = z.infer<typeof foundSchema>;

export const foundPerKindMax = 6;
export const foundAnswerSchema = z.strictObject({
  found: z.array(foundSchema).max(foundPerKindMax * foundKindSchema.options.length),
});
