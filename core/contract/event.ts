import { z } from "zod";
import { contentReportSchema, entriesReportedMax } from "./content-report.ts";
import { decisionSchema, verdictSchema } from "./decision.ts";
import { judgedTextMax } from "./judged-facts.ts";
import { destinationCommandSchema, noticeKindSchema, queueCommandSchema } from "./queue.ts";

const idSchema = z.string().min(1).max(64);

const eventShape = {
  /** Unique over all workers. */
  id: idSchema,
  at: z.iso.datetime(),
};

/** The id of the session's record, which follows when the session is over, if its proxy action keeps records. */
const connectionShape = { connection: idSchema.optional() };

const placeShape = {
  protocol: z.enum(["smtp", "pop3"]),
  direction: z.enum(["incoming", "outgoing"]),
  interface: z.string(),
  policy: z.string(),
  proxyAction: z.string(),
};

export const envelopeChangesMax = 200;

const clientSchema = z.strictObject({ address: z.string(), port: z.number().int() });

/**
 * What became of a message. SMTP: relayed (the upstream said 250), spooled (on our disk), refused (by policy or limit),
 * upstream-refused, aborted (a side went away or timed out), quarantined (kept, the client heard 250), discarded (thrown away, the client heard 250).
 * POP3: retrieved, replaced (a notice went out), aborted.
 */
export const outcomeSchema = z.enum([
  "relayed",
  "spooled",
  "refused",
  "upstream-refused",
  "aborted",
  "quarantined",
  "discarded",
  "retrieved",
  "replaced",
]);
export type Outcome = z.infer<typeof outcomeSchema>;

/** One SMTP transaction from MAIL to its last reply, or one POP3 retrieval. `id` is the message's id in replies and the queue. */
export const messageEventSchema = z.strictObject({
  kind: z.literal("message"),
  ...eventShape,
  ...placeShape,
  ...connectionShape,
  durationMs: z.number().nonnegative(),
  client: clientSchema,
  helo: z.string().nullable(),
  /** POP3: the mailbox user. */
  user: z.string().nullable(),
  sender: z.string().nullable(),
  recipients: z.array(z.strictObject({ address: z.string(), reply: z.string().nullable() })),
  from: z.string().nullable(),
  subject: z.string().nullable(),
  /** The Message-ID header, as it came. */
  messageIdHeader: z.string().nullable(),
  /** What we put in its place; absent: it went on as it came. */
  messageIdReplacement: z.string().optional(),
  bytes: z.number().int().nonnegative(),
  attachments: z.array(
    z.strictObject({
      fileName: z.string().nullable(),
      contentType: z.string(),
      /** Absent where nothing asked for it. */
      part: z.number().int().positive().optional(),
      detectedType: z.string().optional(),
      bytes: z.number().int().nonnegative().optional(),
      sha256: z.string().optional(),
      traits: z.array(z.string()).max(50).optional(),
      /** Names inside an archive, the first ones. */
      entries: z.array(z.string()).max(entriesReportedMax).optional(),
    }),
  ),
  /** What the look inside came to; absent: nothing was looked into. */
  content: contentReportSchema.optional(),
  decision: decisionSchema,
  /** judgedFactsSchema as JSON: what other rules can be asked about it; absent: it was judged before. Text, since it is kept as it is. */
  judged: z.string().max(judgedTextMax).optional(),
  outcome: outcomeSchema,
  /** What the client heard last. */
  reply: z.string().nullable(),
  /** What the upstream said last, and who it was (`host:port`). */
  upstreamReply: z.string().nullable(),
  upstream: z.string().nullable(),
  /** Version and cipher on each leg, null: clear text. Absent: both were. */
  tls: z.strictObject({ client: z.string().nullable(), upstream: z.string().nullable() }).optional(),
  /** Of the client; absent: it did not authenticate. `user` is null where the mechanism hides it. */
  auth: z.strictObject({ mechanism: z.string(), user: z.string().nullable() }).optional(),
  /** What rules changed in the envelope, in order; `recipients` are those of after. */
  envelopeChanges: z
    .array(
      z.strictObject({
        what: z.enum(["sender", "recipient", "copy"]),
        from: z.string(),
        to: z.string(),
        ruleId: z.string(),
        ruleName: z.string(),
      }),
    )
    .max(envelopeChangesMax)
    .optional(),
  /** The route that it took; absent: none was chosen yet. */
  route: z.string().optional(),
  /** POP3: the mailbox's own id of the message (RFC 1939 §7). */
  uidl: z.string().max(300).optional(),
  /** The private reason where the decision does not tell it: which limit, which fault. */
  cause: z.string().nullable(),
});
export type MessageEvent = z.infer<typeof messageEventSchema>;

/** A session that ended before any message: refused at connect, by its greeting, by an error limit, or by a failed login. */
export const sessionEventSchema = z.strictObject({
  kind: z.literal("session"),
  ...eventShape,
  ...placeShape,
  ...connectionShape,
  client: clientSchema,
  helo: z.string().nullable(),
  user: z.string().nullable(),
  decision: decisionSchema.nullable(),
  reply: z.string().nullable(),
  cause: z.string(),
});
export type SessionEvent = z.infer<typeof sessionEventSchema>;

export const traceCommandsMax = 200;
export const connectionMessagesMax = 100;

/**
 * A session that is over. quit: the client said QUIT. left: it closed without. idle: it was silent too long. refused: we ended it (limits, errors,
 * failed logins). lost: the server went away or could not be reached. stopped: the worker was stopping. killed: a person ended it. fault: a defect of ours.
 */
export const connectionEndSchema = z.enum(["quit", "left", "idle", "refused", "lost", "stopped", "killed", "fault"]);
export type ConnectionEnd = z.infer<typeof connectionEndSchema>;

/** What a POP3 session did with its mailbox. Of the messages that came as they are, or changed, the bytes as the server has them. */
export const mailboxRecordSchema = z.strictObject({
  /** At login, as the server says; null: nobody asked. */
  messages: z.number().int().nonnegative().nullable(),
  bytes: z.number().int().nonnegative().nullable(),
  /** RETR and TOP that were answered with a message. */
  retrieved: z.number().int().nonnegative(),
  retrievedBytes: z.number().int().nonnegative(),
  looked: z.number().int().nonnegative(),
  /** Of those retrieved: by a notice, and with changes. */
  replaced: z.number().int().nonnegative(),
  changed: z.number().int().nonnegative(),
  /** DELE that was passed on, and that was not. */
  deleted: z.number().int().nonnegative(),
  kept: z.number().int().nonnegative(),
  /** QUIT was answered with +OK: what was deleted is gone (RFC 1939 §6). */
  committed: z.boolean(),
});
export type MailboxRecord = z.infer<typeof mailboxRecordSchema>;

/** A session that is over, as a whole: the record of a connection. */
export const connectionEventSchema = z.strictObject({
  kind: z.literal("connection"),
  ...eventShape,
  ...placeShape,
  durationMs: z.number().nonnegative(),
  client: clientSchema,
  helo: z.string().nullable(),
  /** Who logged in; null: nobody. */
  user: z.string().nullable(),
  authMechanism: z.string().nullable(),
  /** Version and cipher on each leg, null: clear text. */
  tls: z.strictObject({ client: z.string().nullable(), upstream: z.string().nullable() }),
  /** `host:port`; null: none was needed. */
  upstream: z.string().nullable(),
  /** From and to the client, on the wire inside TLS. */
  bytesIn: z.number().int().nonnegative(),
  bytesOut: z.number().int().nonnegative(),
  end: connectionEndSchema,
  /** In words, where there is more to say. */
  cause: z.string().nullable(),
  /** How many messages got which verdict. */
  verdicts: z.array(z.strictObject({ verdict: verdictSchema, messages: z.number().int().positive() })),
  /** The ids of its messages, the first ones. */
  messageIds: z.array(z.string()).max(connectionMessagesMax),
  /** null: SMTP, or no login. */
  mailbox: mailboxRecordSchema.nullable(),
  /** The commands and the first line of each answer, without secrets; the first ones. `atMs`: since the beginning. */
  trace: z
    .array(z.strictObject({ atMs: z.number().nonnegative(), command: z.string(), reply: z.string().nullable() }))
    .max(traceCommandsMax),
  /** Commands after those. */
  untraced: z.number().int().nonnegative(),
  /** The session's record raises an alarm, and why. */
  alarm: z.string().optional(),
});
export type ConnectionEvent = z.infer<typeof connectionEventSchema>;

/** One delivery attempt of a queued message. */
export const deliveryEventSchema = z.strictObject({
  kind: z.literal("delivery"),
  ...eventShape,
  messageId: z.string(),
  /** By which it was tried. */
  route: z.string().optional(),
  attempt: z.number().int().positive(),
  /** delivered: every recipient is done. deferred: some wait. failed: the rest was refused for good. */
  result: z.enum(["delivered", "deferred", "failed"]),
  recipients: z.array(z.strictObject({ address: z.string(), reply: z.string() })),
  upstream: z.string().nullable(),
  reply: z.string(),
  nextAttemptAt: z.iso.datetime().nullable(),
});
export type DeliveryEvent = z.infer<typeof deliveryEventSchema>;

/** A person's command on something kept in quarantine, carried out. */
export const quarantineEventSchema = z.strictObject({
  kind: z.literal("quarantine"),
  ...eventShape,
  messageId: z.string(),
  entryId: z.string(),
  command: z.enum(["release", "delete", "expire"]),
  /** Whom it went to; empty: everyone, or nobody for the other commands. */
  recipients: z.array(z.string()).max(1_000),
  by: z.string(),
  reason: z.string().nullable(),
});
export type QuarantineEvent = z.infer<typeof quarantineEventSchema>;

/** A command on a queued message, carried out. expire: it had failed, its sender was told, and nobody sent it again. */
export const queueEventSchema = z.strictObject({
  kind: z.literal("queue"),
  ...eventShape,
  messageId: z.string(),
  command: z.enum([...queueCommandSchema.options, "expire"]),
  by: z.string(),
});
export type QueueEvent = z.infer<typeof queueEventSchema>;

/** A person's command on a destination of the queue or on the worker as a whole, carried out. */
export const operationEventSchema = z.strictObject({
  kind: z.literal("operation"),
  ...eventShape,
  command: z.enum([...destinationCommandSchema.options, "drain", "end-drain"]),
  /** null: the worker as a whole. */
  target: z.strictObject({ route: z.string(), destination: z.string() }).nullable(),
  by: z.string(),
  /** What came of a probe, in words; null for the others. */
  result: z.string().nullable(),
});
export type OperationEvent = z.infer<typeof operationEventSchema>;

/** The sender of a queued message is told of it: the report is in the queue, under its own id. */
export const noticeEventSchema = z.strictObject({
  kind: z.literal("notice"),
  ...eventShape,
  messageId: z.string(),
  noticeId: z.string(),
  notice: noticeKindSchema,
  to: z.string(),
  recipients: z.array(z.strictObject({ address: z.string(), reply: z.string() })),
});
export type NoticeEvent = z.infer<typeof noticeEventSchema>;

export const eventSchema = z.discriminatedUnion("kind", [
  messageEventSchema,
  sessionEventSchema,
  connectionEventSchema,
  deliveryEventSchema,
  queueEventSchema,
  noticeEventSchema,
  quarantineEventSchema,
  operationEventSchema,
]);
export type WorkerEvent = z.infer<typeof eventSchema>;
