import { z } from "zod";
import { banMinutesMax } from "./ban.ts";

/** Sessions that one answer names; `total` tells how many there are. */
export const liveSessionsMax = 500;
export const killedSessionsMax = 100;

/** A session that runs now. */
export const liveSessionSchema = z.strictObject({
  /** That of its record, once it is over. */
  id: z.string().min(1).max(64),
  protocol: z.enum(["smtp", "pop3"]),
  interface: z.string(),
  policy: z.string(),
  client: z.strictObject({ address: z.string(), port: z.number().int() }),
  helo: z.string().nullable(),
  user: z.string().nullable(),
  /** Where the session stands, as the protocol's state table names it. */
  state: z.string(),
  /** The last command, without secrets; null: none was said. */
  lastCommand: z.string().nullable(),
  /** Version and cipher on each leg, null: clear text. */
  tls: z.strictObject({ client: z.string().nullable(), upstream: z.string().nullable() }),
  /** `host:port`; null: none is needed now. */
  upstream: z.string().nullable(),
  beganAt: z.iso.datetime(),
  /** From and to the client, on the wire inside TLS. */
  bytesIn: z.number().int().nonnegative(),
  bytesOut: z.number().int().nonnegative(),
  messages: z.number().int().nonnegative(),
});
export type LiveSession = z.infer<typeof liveSessionSchema>;

/** The sessions that began first, and how many run. */
export const liveSessionsAnswerSchema = z.strictObject({
  sessions: z.array(liveSessionSchema).max(liveSessionsMax),
  total: z.number().int().nonnegative(),
});
export type LiveSessionsAnswer = z.infer<typeof liveSessionsAnswerSchema>;

/** The clients hear 421 (SMTP) or -ERR [SYS/TEMP] (POP3). `banMinutes`: their addresses are refused for so long, too. */
export const killRequestSchema = z.strictObject({
  ids: z.array(z.string().min(1).max(64)).min(1).max(killedSessionsMax),
  banMinutes: z.number().int().min(1).max(banMinutesMax).nullable().default(null),
  /** The person, for the record. */
  by: z.string().min(1).max(200),
});
export type KillRequest = z.infer<typeof killRequestSchema>;

/** `done` false: it was over before. */
export const killAnswerSchema = z.strictObject({
  results: z.array(z.strictObject({ id: z.string(), done: z.boolean() })),
});
export type KillAnswer = z.infer<typeof killAnswerSchema>;
