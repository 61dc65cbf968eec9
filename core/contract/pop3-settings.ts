import { z } from "zod";
import { authMechanisms } from "./smtp-settings.ts";

/** How clients may log in; the route's server checks it. USER and PASS, PLAIN, LOGIN and tokens show the secret to whoever reads along. */
const authSchema = z.strictObject({
  /** USER and PASS (RFC 1939 §7). */
  userPass: z.boolean().default(true),
  /** APOP, where the server's greeting has a timestamp (RFC 1939 §7). */
  apop: z.boolean().default(true),
  /** AUTH (RFC 5034), offered where the server offers them too; none: AUTH is not spoken. */
  mechanisms: z
    .array(z.enum(authMechanisms))
    .max(authMechanisms.length)
    .default(["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER"]),
  /** A secret in clear text. where-no-tls: on listeners that have no TLS. never: only inside TLS. always: wherever the client likes. */
  clearText: z.enum(["where-no-tls", "never", "always"]).default("where-no-tls"),
});

/** Capabilities that are passed on when the server has them; off: taken out of every CAPA answer and not spoken. */
const capabilitiesSchema = z.strictObject({
  pipelining: z.boolean().default(true),
  /** UTF8 (RFC 6856 §2): messages with 8-bit headers come as they are. */
  utf8: z.boolean().default(true),
  /** LANG (RFC 6856 §3). */
  lang: z.boolean().default(true),
});

/** When a client may delete (DELE). A message counts from when its mailbox first showed it to us, by UIDL. */
const deletionSchema = z.strictObject({
  allow: z.enum(["always", "after-days", "never"]).default("always"),
  days: z.number().int().min(1).max(3_650).default(14),
  /** What DELE hears where it is not allowed. refuse: -ERR. pretend: +OK; for this session it is gone, for the mailbox nothing happens. */
  answer: z.enum(["refuse", "pretend"]).default("refuse"),
  /** The session's record raises an alarm when messages were deleted. */
  warn: z.boolean().default(false),
});

/** Everything that a POP3 proxy action sets besides limits and rules. */
export const pop3SettingsSchema = z.strictObject({
  /** The text of our greeting; the server's timestamp for APOP is put behind it. */
  banner: z
    .string()
    .max(200)
    .regex(/^[\x21-\x3b\x3d\x3f-\x7e][\x20-\x3b\x3d\x3f-\x7e]*$/, "use printable ASCII without < and >")
    .default("POP3 server ready"),
  /** Our own text in every status line, with the server's response code (RFC 2449 §8), and no IMPLEMENTATION in CAPA. */
  hideServerReplies: z.boolean().default(false),
  auth: authSchema.prefault({}),
  capabilities: capabilitiesSchema.prefault({}),
  deletion: deletionSchema.prefault({}),
  /**
   * While a message waits for its verdict the client gets a bit of the answer's first line this often, in milliseconds, so that it does not
   * give up: never anything of the message.
   */
  headStartMs: z.number().int().min(1_000).max(60_000).default(15_000),
  /** How long a verdict is believed for the same mailbox, UIDL and size, in hours; 0: each message is read again each time. */
  verdictHours: z.number().int().min(0).max(8_760).default(24),
  /** Which sessions leave a record when they end. faults: those with a refusal, a notice, a failed login or a fault. */
  sessionRecords: z.enum(["all", "faults", "none"]).default("all"),
});
export type Pop3Settings = z.infer<typeof pop3SettingsSchema>;
