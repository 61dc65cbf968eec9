import { z } from "zod";
import { killRequestSchema } from "#core/contract/live-session.ts";

/** Sessions of one worker that shall end. */
export const killOrderSchema = z.strictObject({
  workerId: z.string().min(1).max(64),
  ...killRequestSchema.pick({ ids: true, banMinutes: true }).shape,
});
export type KillOrder = z.infer<typeof killOrderSchema>;

/** `done`: sessions that were ended; `over`: that were over before. */
export type KillResult = { done: number; over: number };
