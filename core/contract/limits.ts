import { z } from "zod";

function limit(min: number, max: number, byDefault: number) {
  return z.number().int().min(min).max(max).default(byDefault);
}

const sharedLimits = {
  /** Sessions at once on one listener. */
  connectionsMax: limit(1, 100_000, 1000),
  /** Sessions at once from one client address. */
  connectionsPerSourceMax: limit(1, 100_000, 50),
  /** Connections that one client address may begin in a minute. */
  connectionsPerSourcePerMinuteMax: limit(1, 1_000_000, 10_000),
};

/** Every cap of an SMTP session. Bytes and milliseconds. None can be switched off. */
export const smtpLimitsSchema = z.strictObject({
  ...sharedLimits,
  /** One line of a message, CRLF included (RFC 5321 §4.5.3.1.6: 1000). */
  lineBytesMax: limit(512, 65_536, 1000),
  /** The whole message as the client sends it, dots undone (RFC 1870). */
  messageBytesMax: limit(1024, 1_073_741_824, 26_214_400),
  /** Recipients of one message; the next one hears 452 4.5.3 (RFC 5321 §4.5.3.1.10: at least 100). */
  recipientsMax: limit(1, 50_000, 100),
  /** One command line, CRLF included (RFC 5321 §4.5.3.1.4: 512, extensions enlarge it). */
  commandBytesMax: limit(512, 12_288, 2048),
  /** Silence of the client (RFC 5321 §4.5.3.2.7: at least 5 minutes). */
  idleTimeoutMs: limit(1000, 3_600_000, 600_000),
  /** From MAIL to the last byte of the message. */
  transactionTimeoutMs: limit(1000, 86_400_000, 3_600_000),
  /** Commands answered with 5xx in one session before it is closed with 421. */
  errorsMax: limit(1, 1000, 20),
  /** From this many on each further answer waits errorDelayMs. */
  errorsSoftMax: limit(1, 1000, 10),
  errorDelayMs: limit(1, 60_000, 1000),
  /** NOOP, RSET, VRFY, EXPN, HELP, ETRN, EHLO and HELO since the last message before the session is closed with 421. */
  junkCommandsMax: limit(1, 10_000, 100),
  /** Failed AUTH exchanges in one session before it is closed with 421. */
  authFailuresMax: limit(1, 100, 3),
  /** Messages in one session; the next MAIL hears 421 (RFC 9422: MAILMAX). */
  messagesMax: limit(1, 1_000_000, 10_000),
  /** Messages and recipients that one client address may send in a minute; the next hears 450 4.7.1. */
  messagesPerSourcePerMinuteMax: limit(1, 10_000_000, 100_000),
  recipientsPerSourcePerMinuteMax: limit(1, 100_000_000, 1_000_000),
  /** Received lines of a message; one more is a loop (RFC 5321 §6.3: at least 100). */
  hopsMax: limit(10, 1000, 100),
});
export type SmtpLimits = z.infer<typeof smtpLimitsSchema>;

/** Every cap of a POP3 session. */
export const pop3LimitsSchema = z.strictObject({
  ...sharedLimits,
  /** One line of a message, CRLF included; mailboxes hold longer ones than SMTP allows. A message with a longer one is answered by a notice. */
  lineBytesMax: limit(512, 1_048_576, 65_536),
  /** The largest message that is held for a verdict; a larger one is answered by a notice. */
  messageBytesMax: limit(1024, 1_073_741_824, 104_857_600),
  /** One command line, CRLF included (RFC 2449 §4: 255). */
  commandBytesMax: limit(255, 12_288, 255),
  /** The first line of a response (RFC 2449 §4: 512). */
  responseBytesMax: limit(512, 12_288, 512),
  /** Silence of the client (RFC 1939 §3: at least 10 minutes). */
  idleTimeoutMs: limit(1000, 3_600_000, 600_000),
  errorsMax: limit(1, 1000, 20),
  /** One argument of a command (RFC 2449 §4: 40; names and passwords are longer). */
  argumentBytesMax: limit(40, 12_288, 255),
  /** One line of an AUTH exchange, CRLF included (RFC 5034 §4: longer than a command). */
  authBytesMax: limit(255, 65_536, 12_288),
  /** Failed logins in one session before it is closed. */
  loginFailuresMax: limit(1, 100, 5),
  /** Failed logins from one address within loginFailureMinutes; then it is refused for loginBanMinutes. */
  loginFailuresPerSourceMax: limit(1, 100_000, 20),
  /** Failed logins of one user within loginFailureMinutes, from all addresses; then logins of that user hear [SYS/TEMP], but from where it logged in before. */
  loginFailuresPerUserMax: limit(1, 100_000, 50),
  loginFailureMinutes: limit(1, 1440, 10),
  loginBanMinutes: limit(1, 10_080, 10),
  /** How long the answer to a failed login waits, in milliseconds. */
  loginFailureDelayMs: limit(1, 60_000, 2000),
});
export type Pop3Limits = z.infer<typeof pop3LimitsSchema>;
