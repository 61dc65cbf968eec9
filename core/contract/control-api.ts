import { z } from "zod";
import { problemSchema } from "./policy-document.ts";
import { queueCommandSchema, queueEntrySchema } from "./queue.ts";
import { workerStatusSchema } from "./report.ts";

/**
 * The worker's control API: HTTP with JSON bodies, `Authorization: Bearer <token>` on every request.
 *   GET  /v1/status          → workerStatusSchema
 *   PUT  /v1/bundle          signedBundleSchema → bundleAnswerSchema | 400 401 409 413 422 controlErrorSchema
 *   GET  /v1/queue?after=ID&limit=N → queuePageSchema, in order of id
 *   POST /v1/queue/commands  queueCommandRequestSchema → queueCommandAnswerSchema
 */
export const controlPaths = {
  status: "/v1/status",
  bundle: "/v1/bundle",
  queue: "/v1/queue",
  queueCommands: "/v1/queue/commands",
} as const;

export const statusAnswerSchema = workerStatusSchema;

export const bundleAnswerSchema = z.strictObject({
  revision: z.number().int().positive(),
  digest: z.string(),
  /** false: the worker already had exactly this revision. */
  changed: z.boolean(),
});
export type BundleAnswer = z.infer<typeof bundleAnswerSchema>;

export const controlErrorSchema = z.strictObject({
  error: z.strictObject({
    code: z.enum([
      "bad-request",
      "unauthorized",
      "not-found",
      "stale-revision",
      "too-large",
      "bad-signature",
      "expired",
      "wrong-worker",
      "invalid-policy",
    ]),
    message: z.string(),
    problems: z.array(problemSchema),
  }),
});
export type ControlError = z.infer<typeof controlErrorSchema>["error"];

export const queuePageSchema = z.strictObject({ entries: z.array(queueEntrySchema), next: z.string().nullable() });
export type QueuePage = z.infer<typeof queuePageSchema>;

export const queueCommandIdsMax = 1_000;
export const queueCommandRequestSchema = z.strictObject({
  command: queueCommandSchema,
  ids: z.array(z.string().min(1).max(64)).min(1).max(queueCommandIdsMax),
  /** The person, for the event. */
  by: z.string().min(1).max(200),
});
export type QueueCommandRequest = z.infer<typeof queueCommandRequestSchema>;

export const queueCommandAnswerSchema = z.strictObject({
  results: z.array(z.strictObject({ id: z.string(), done: z.boolean(), reason: z.string().nullable() })),
});
export type QueueCommandAnswer = z.infer<typeof queueCommandAnswerSchema>;
