import { z } from "zod";

/** Over how many hours back; `revision`: what is tried, null: the draft. */
export const replayInputSchema = z.strictObject({
  hours: z.literal([1, 24, 168, 336]),
  revision: z.number().int().positive().nullable(),
});
export type ReplayInput = z.output<typeof replayInputSchema>;

export const replayJobRefSchema = z.strictObject({ jobId: z.uuid() });
