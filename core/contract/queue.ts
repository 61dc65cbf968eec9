import { z } from "zod";

/**
 * What senders are told: failed for good, still tried, gone on to a server that tells no more (RFC 3461 §5).
 */
export const noticeKindSchema = z.enum(["failed", "delayed", "relayed"]);

/**
 * ready: due, waiting for a place. delivering: an attempt is under way. deferred: waits for `nextAttemptAt`.
 * held: a person stopped it. failed: the upstream refused it for good or the schedule ran out; kept until a person decides.
 */
export const queueStateSchema = z.enum(["ready", "delivering", "deferred", "held", "failed"]);
export type QueueState = z.infer<typeof queueStateSchema>;

export const queueEntrySchema = z.strictObject({
  /** The message's id: the same in replies, events and the Received line. */
  id: z.string().min(1).max(64),
  receivedAt: z.iso.datetime(),
  interface: z.string(),
  policy: z.string(),
  route: z.string(),
  revision: z.number().int().nonnegative(),
  /** Empty: the null reverse-path. */
  sender: z.string(),
  /** Recipients still to be delivered. */
  recipients: z.array(z.string()),
  subject: z.string().nullable(),
  bytes: z.number().int().nonnegative(),
  state: queueStateSchema,
  attempts: z.number().int().nonnegative(),
  /** The upstream's last words or our own about it, control characters removed. */
  lastReply: z.string().nullable(),
  lastAttemptAt: z.iso.datetime().nullable(),
  nextAttemptAt: z.iso.datetime().nullable(),
});
export type QueueEntry = z.infer<typeof queueEntrySchema>;

/**
 * retry-now: due at once, with those that failed. hold: no attempts until released. release: due at once. delete: gone, the sender is not told.
 * return: it fails, and its sender is told where the route's `senderNotices` say so.
 */
export const queueCommandSchema = z.enum(["retry-now", "hold", "release", "delete", "return"]);
export type QueueCommand = z.infer<typeof queueCommandSchema>;
