import { z } from "zod";

/** What npm start asks of prepare-console.ts, and its answer: JSON on the standard input and output. */
export const prepareOrderSchema = z.strictObject({
  workerId: z.string(),
  controlUrl: z.string(),
  controlTokenFile: z.string(),
  reportTokenFile: z.string(),
  consoleUrl: z.string(),
  policy: z.string(),
});
export type PrepareOrder = z.infer<typeof prepareOrderSchema>;

export const preparedSchema = z.strictObject({
  firstRevision: z.number().nullable(),
  setupLink: z.string().nullable(),
});
export type Prepared = z.infer<typeof preparedSchema>;
