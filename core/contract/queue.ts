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

/**
 * Why the last attempt did not bring it there. unreachable: no connection. timeout: silence. dns: its servers cannot be looked up. tls: the TLS that
 * is asked for cannot be had. auth: we cannot log in. protocol: what it said is not SMTP, or it closed. busy: it refused for now without a better
 * reason (4xx). greylisted: 4.7.1 and its like. mailbox-full: X.2.2. rate: it takes no more from us now. refused: for good (5xx). expired: the
 * schedule ran out. returned: by a person. no-route: the policy does not name its route. disk: we could not read it. suspended: its destination is.
 */
export const queueCauseSchema = z.enum([
  "unreachable",
  "timeout",
  "dns",
  "tls",
  "auth",
  "protocol",
  "busy",
  "greylisted",
  "mailbox-full",
  "rate",
  "refused",
  "expired",
  "returned",
  "no-route",
  "disk",
  "suspended",
]);
export type QueueCause = z.infer<typeof queueCauseSchema>;

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
  /** Where it goes: the route, by MX the domain of the first recipient still to be delivered. */
  destination: z.string().default(""),
  /** Of the last attempt; null: it was not tried, or it is not known. */
  cause: queueCauseSchema.nullable().default(null),
});
export type QueueEntry = z.infer<typeof queueEntrySchema>;

/**
 * retry-now: due at once, with those that failed. hold: no attempts until released. release: due at once. delete: gone, the sender is not told.
 * reroute: it goes by another route, due at once. return: it fails, and its sender is told where the route's `senderNotices` say so.
 * bounce: its sender is told, then it is gone; refused where nobody can be told.
 */
export const queueCommandSchema = z.enum(["retry-now", "hold", "release", "delete", "return", "bounce", "reroute"]);
export type QueueCommand = z.infer<typeof queueCommandSchema>;

/** How the mail for one destination goes. */
export const queueDestinationSchema = z.strictObject({
  route: z.string(),
  /** As of an entry. */
  destination: z.string(),
  /** suspended: a person stopped it, no attempts are made until it is resumed. */
  state: z.enum(["active", "suspended"]),
  queued: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  /** Attempts under way. */
  attempts: z.number().int().nonnegative(),
  oldestAt: z.iso.datetime().nullable(),
  /** The route lets through no more in a minute, and this minute's are through: it goes on by itself. */
  isPaced: z.boolean().default(false),
  /** The last words about it. */
  lastReply: z.string().nullable(),
  cause: queueCauseSchema.nullable(),
});
export type QueueDestination = z.infer<typeof queueDestinationSchema>;
export const destinationsReportedMax = 200;

/** suspend: no attempts until resumed. resume: as before, what is due at once. probe: its server is asked now whether it serves; what waits for it is due when it does. */
export const destinationCommandSchema = z.enum(["suspend", "resume", "probe"]);
export type DestinationCommand = z.infer<typeof destinationCommandSchema>;
