import type { SettingWords } from "./setting-words.ts";

/** Of every protocol. */
export const sharedLimits: readonly SettingWords[] = [
  { path: "limits.connectionsMax", label: "Sessions on one listener", unit: "sessions at once" },
  {
    path: "limits.connectionsPerSourceMax",
    label: "Sessions from one client address",
    unit: "sessions at once",
    help: "Offices and providers behind one address share it.",
  },
  {
    path: "limits.connectionsPerSourcePerMinuteMax",
    label: "New connections from one client address",
    unit: "per minute",
  },
];

export const smtpLimits: readonly SettingWords[] = [
  ...sharedLimits,
  {
    path: "limits.messageBytesMax",
    label: "Message size",
    unit: "bytes",
    help: "As the client sends it; a larger one is refused with 552 5.3.4 (RFC 1870).",
  },
  {
    path: "limits.recipientsMax",
    label: "Recipients of one message",
    unit: "recipients",
    help: "The next one hears 452 4.5.3 and is sent again by the client (RFC 5321 §4.5.3.1.10: at least 100).",
  },
  {
    path: "limits.messagesMax",
    label: "Messages in one session",
    unit: "messages",
    help: "The next one hears 421; told as MAILMAX (RFC 9422).",
  },
  {
    path: "limits.messagesPerSourcePerMinuteMax",
    label: "Messages from one client address",
    unit: "per minute",
    help: "The next one hears 450 4.7.1.",
  },
  {
    path: "limits.recipientsPerSourcePerMinuteMax",
    label: "Recipients from one client address",
    unit: "per minute",
    help: "The next one hears 450 4.7.1.",
  },
  {
    path: "limits.lineBytesMax",
    label: "Line of a message",
    unit: "bytes",
    help: "CRLF included (RFC 5321 §4.5.3.1.6: 1000). Longer lines: see Message format.",
  },
  {
    path: "limits.commandBytesMax",
    label: "Command line",
    unit: "bytes",
    help: "CRLF included (RFC 5321 §4.5.3.1.4: 512, extensions need more).",
  },
  {
    path: "limits.idleTimeoutMs",
    label: "Silence of the client",
    unit: "ms",
    help: "Then the session is closed with 421 (RFC 5321 §4.5.3.2.7: at least 5 minutes).",
  },
  {
    path: "limits.transactionTimeoutMs",
    label: "Time for one message",
    unit: "ms",
    help: "From MAIL to the last byte; ends clients that send a byte at a time.",
  },
  {
    path: "limits.errorsSoftMax",
    label: "Errors before answers slow down",
    unit: "errors",
    help: "From this many on, each further answer waits.",
  },
  { path: "limits.errorDelayMs", label: "Wait of a slowed answer", unit: "ms" },
  {
    path: "limits.errorsMax",
    label: "Errors before the session ends",
    unit: "errors",
    help: "Commands answered with 5xx; then 421.",
  },
  {
    path: "limits.junkCommandsMax",
    label: "Commands without a message",
    unit: "commands",
    help: "NOOP, RSET, VRFY, EXPN, HELP, EHLO and HELO since the last message; then 421.",
  },
  {
    path: "limits.authFailuresMax",
    label: "Failed AUTH exchanges",
    unit: "failures",
    help: "In one session; then 421.",
  },
  {
    path: "limits.hopsMax",
    label: "Received lines of a message",
    unit: "lines",
    help: "One more is a loop and refused (RFC 5321 §6.3: at least 100).",
  },
];
