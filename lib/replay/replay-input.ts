import { z } from "zod";

/** Over how many hours back. */
export const replayInputSchema = z.strictObject({ hours: z.literal([1, 24, 168, 336]) });
export type ReplayInput = z.output<typeof replayInputSchema>;

export const replayJobRefSchema = z.strictObject({ jobId: z.uuid() });
