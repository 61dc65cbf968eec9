import { z } from "zod";
import { queueCauseSchema, queueStateSchema } from "#core/contract/queue.ts";
import type { Progress } from "./queue-record.ts";
import type { SpoolEnvelope } from "./spool.ts";
import { envelopeSchema } from "./spool-format.ts";

/** The JSON that a record begins with, by the record's kind. */

export const progressSchema = z.strictObject({
  state: queueStateSchema,
  outcomes: z.string().regex(/^[pdfb]+$/),
  attempts: z.number().int().nonnegative(),
  lastReply: z.string().nullable(),
  lastAttemptAt: z.number().nullable(),
  nextAttemptAt: z.number().nullable(),
  unreached: z.boolean(),
  notices: z.number().int().nonnegative(),
  // Not in what was written before there were causes.
  cause: queueCauseSchema.nullable().default(null),
  rerouted: z.string().nullable().default(null),
});

const messageHeadSchema = z.strictObject({
  envelope: envelopeSchema,
  subject: z.string().nullable(),
  /** Of the message. */
  bytes: z.number().int().nonnegative(),
  /** Absent: nothing was tried yet. */
  progress: progressSchema.optional(),
});
export type MessageHead = {
  envelope: SpoolEnvelope;
  subject: string | null;
  bytes: number;
  progress?: Progress | undefined;
};

const progressHeadSchema = z.strictObject({ id: z.string(), progress: progressSchema });
export type ProgressHead = z.infer<typeof progressHeadSchema>;

/** `at`: segment and offset of the message's record. `also`: segments that may hold older copies of it. */
const removalHeadSchema = z.strictObject({
  id: z.string(),
  at: z.tuple([z.number(), z.number()]),
  also: z.array(z.number()),
});
export type RemovalHead = z.infer<typeof removalHeadSchema>;

/** null: it is not what such a head can be. */
export function parseMessageHead(head: Uint8Array): MessageHead | null {
  const parsed = messageHeadSchema.safeParse(parseJson(head));
  return parsed.success && fits(parsed.data) ? parsed.data : null;
}

export function parseProgressHead(head: Uint8Array): ProgressHead | null {
  return progressHeadSchema.safeParse(parseJson(head)).data ?? null;
}

export function parseRemovalHead(head: Uint8Array): RemovalHead | null {
  return removalHeadSchema.safeParse(parseJson(head)).data ?? null;
}

function fits({ envelope, progress }: MessageHead): boolean {
  return progress === undefined || progress.outcomes.length === envelope.recipients.length;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  } catch {
    return undefined;
  }
}
