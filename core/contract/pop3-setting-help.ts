import type { Pop3Limits } from "./limits.ts";
import type { Pop3Settings } from "./pop3-settings.ts";
import { help, type SettingHelp, type Switches, sessionRecordHelp, sharedLimitHelp } from "./setting-help.ts";

export const pop3LimitHelp: Readonly<Record<keyof Pop3Limits, SettingHelp>> = {
  ...sharedLimitHelp,
  connectionsMax: {
    ...sharedLimitHelp.connectionsMax,
    help: "On one listener; the next client hears [SYS/TEMP] and comes back later.",
    source: "RFC 3206 §4",
  },
  connectionsPerSourcePerMinuteMax: {
    ...sharedLimitHelp.connectionsPerSourcePerMinuteMax,
    help: "The next one hears [SYS/TEMP]; a balancer that speaks the PROXY protocol is exempt, its clients are not.",
  },
  commandBytesMax: { ...sharedLimitHelp.commandBytesMax, source: "RFC 2449 §4" },
  idleTimeoutMs: {
    ...sharedLimitHelp.idleTimeoutMs,
    help: "Then the session ends and nothing is deleted.",
    source: "RFC 1939 §3",
  },
  lineBytesMax: help("Line of a message", "bytes", "A message with a longer one is answered by a notice."),
  messageBytesMax: help(
    "Message",
    "bytes",
    "The largest that is held for its verdict, in memory and then on disk; a larger one is answered by a notice.",
  ),
  responseBytesMax: help(
    "First line of an answer",
    "bytes",
    "Of the server; a longer one ends the session.",
    "RFC 2449 §4",
  ),
  argumentBytesMax: help(
    "Argument of a command",
    "bytes",
    "The RFC has 40; names and passwords are often longer.",
    "RFC 2449 §4",
  ),
  authBytesMax: help("Line of an AUTH exchange", "bytes", "Tokens are longer than commands.", "RFC 5034 §4"),
  loginFailuresMax: help("Failed logins in a session", null, "Then the session is closed."),
  loginFailuresPerSourceMax: help("Failed logins from one address", null, "Then the address is refused for a while."),
  loginFailuresPerUserMax: help(
    "Failed logins of one user",
    null,
    "From all addresses. Then logins of that user hear to try again later, except from where it logged in before.",
    "RFC 3206 §4",
  ),
  loginFailureMinutes: help("Failed logins are counted for", "minutes", "Older ones are forgotten."),
  loginBanMinutes: help("Refused after too many, for", "minutes", "The address or the user; then it may come again."),
  loginFailureDelayMs: help(
    "Wait before a failed login is answered",
    "ms",
    "Guessing takes longer; only who fails waits.",
  ),
};

/** By path in the settings of a POP3 proxy action. */
export const pop3SettingHelp: Readonly<
  Record<Exclude<keyof Pop3Settings, "auth" | "capabilities" | "deletion">, SettingHelp> &
    Switches<"auth", Pop3Settings["auth"]> &
    Switches<"capabilities", Pop3Settings["capabilities"]> &
    Switches<"deletion", Pop3Settings["deletion"]>
> = {
  banner: help(
    "Greeting",
    null,
    "The server's timestamp for APOP is put behind it: without it APOP cannot be used.",
    "RFC 1939 §7",
  ),
  hideServerReplies: help(
    "Hide the server's replies",
    null,
    "Its answers go out with our own text and its response codes; IMPLEMENTATION is taken out of CAPA.",
    "RFC 2449 §6.9",
  ),
  headStartMs: help(
    "Sign of life while a message is judged",
    "ms",
    "The client gets a bit of the answer's first line this often, so that it does not give up. Never a byte of a message that may be refused.",
  ),
  verdictHours: help(
    "A verdict is believed for",
    "hours",
    "The same message of the same mailbox is not read again, unless the policy changed. 0: it is read each time.",
  ),
  sessionRecords: sessionRecordHelp,
  "auth.userPass": help("USER and PASS", null, "The login that every client knows.", "RFC 1939 §7"),
  "auth.apop": help("APOP", null, "Hides the password, but with MD5 alone: TLS is better.", "RFC 1939 §7"),
  "auth.mechanisms": help(
    "AUTH mechanisms",
    null,
    "Offered where the server offers them too. None: AUTH is not spoken.",
    "RFC 5034",
  ),
  "auth.clearText": help(
    "Passwords in clear text",
    null,
    "USER with PASS, PLAIN, LOGIN and tokens can be read on the way where there is no TLS.",
    "RFC 8314 §3",
  ),
  "capabilities.pipelining": help("PIPELINING", null, "Off: clients wait for each answer.", "RFC 2449 §6.6"),
  "capabilities.utf8": help("UTF8", null, "Off: messages with 8-bit headers come in ASCII.", "RFC 6856 §2"),
  "capabilities.lang": help("LANG", null, "Off: answers come in the server's own language.", "RFC 6856 §3"),
  "deletion.allow": help(
    "Clients may delete",
    null,
    "After days: counted from when the mailbox first showed the message. Never: everything stays on the server.",
    "RFC 1939 §5",
  ),
  "deletion.days": help("Days on the server", "days", "Until then nothing of it is deleted, whatever the client asks."),
  "deletion.answer": help(
    "What DELE hears while it is not allowed",
    null,
    "An error shows in most programs, each time. OK is for programs that cannot leave mail on the server: the message is gone for their session only.",
  ),
  "deletion.warn": help("Deletions raise an alarm", null, "In the session's record."),
};
