import { z } from "zod";

const objectSchema = z.string().min(1).max(200);

/** An editor says that it has an object of the draft open, or, once, that it has not any more. */
export const openObjectSchema = z.strictObject({
  /** Random, one for each open editor. */
  tab: z.string().regex(/^[0-9a-f]{32}$/),
  object: objectSchema,
  open: z.boolean(),
});
export type OpenObject = z.infer<typeof openObjectSchema>;

export const othersAtObjectSchema = z.strictObject({
  others: z.array(z.strictObject({ userId: z.uuid(), name: z.string() })).max(100),
});
export type OthersAtObject = z.infer<typeof othersAtObjectSchema>;

/** What other people have open of the draft. */
export const openElsewhereSchema = z.strictObject({
  open: z.array(z.strictObject({ object: objectSchema, name: z.string() })).max(200),
});
export type OpenElsewhere = z.infer<typeof openElsewhereSchema>;
