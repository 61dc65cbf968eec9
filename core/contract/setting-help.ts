import type { ContentSettings } from "./content-settings.ts";
import type { SmtpLimits } from "./limits.ts";
import type { SmtpSettings } from "./smtp-settings.ts";

/** What a form says of a setting: the words before the field, the unit behind it, what it does, and where that comes from. */
export type SettingHelp = {
  label: string;
  unit: "bytes" | "ms" | "minutes" | "hours" | "days" | "a minute" | null;
  help: string;
  /** RFC and section. */
  source: string | null;
};

export function help(
  label: string,
  unit: SettingHelp["unit"],
  text: string,
  source: string | null = null,
): SettingHelp {
  return { label, unit, help: text, source };
}

export const sharedLimitHelp = {
  connectionsMax: help("Sessions at once", null, "On one listener; the next client hears 421 and comes back later."),
  connectionsPerSourceMax: help(
    "Sessions at once from one address",
    null,
    "So that one client cannot take every place.",
  ),
  connectionsPerSourcePerMinuteMax: help(
    "New connections from one address",
    "a minute",
    "The next one hears 421; a balancer that speaks the PROXY protocol is exempt, its clients are not.",
  ),
  commandBytesMax: help("Command line", "bytes", "CRLF included; a longer one is refused and read to its end."),
  idleTimeoutMs: help(
    "Silence of the client",
    "ms",
    "Then the session ends; shorter than 5 minutes hurts slow senders.",
  ),
  errorsMax: help("Refused commands in a session", null, "Then the session is closed."),
};

export const smtpLimitHelp: Readonly<Record<keyof SmtpLimits, SettingHelp>> = {
  ...sharedLimitHelp,
  commandBytesMax: { ...sharedLimitHelp.commandBytesMax, source: "RFC 5321 §4.5.3.1.4" },
  idleTimeoutMs: { ...sharedLimitHelp.idleTimeoutMs, source: "RFC 5321 §4.5.3.2.7" },
  lineBytesMax: help(
    "Line of a message",
    "bytes",
    "CRLF included. What becomes of a longer one is a setting of its own.",
    "RFC 5321 §4.5.3.1.6",
  ),
  messageBytesMax: help(
    "Message",
    "bytes",
    "Offered as SIZE (the smaller of ours and the server's); a larger one is refused with 552, at MAIL where it is declared.",
    "RFC 1870",
  ),
  recipientsMax: help(
    "Recipients of a message",
    null,
    "The next one hears 452 and is sent again by itself: none is lost. Under 100 the RFC is broken.",
    "RFC 5321 §4.5.3.1.10",
  ),
  transactionTimeoutMs: help("One message", "ms", "From MAIL to its last byte: a client cannot drip for ever."),
  errorsSoftMax: help("Refused commands until answers slow down", null, "From this many on each answer waits."),
  errorDelayMs: help("Wait before such an answer", "ms", "Only the client that errs waits."),
  junkCommandsMax: help(
    "Commands that send nothing",
    null,
    "NOOP, RSET, VRFY, EXPN, HELP, ETRN, EHLO and HELO since the last message; then the session is closed.",
  ),
  authFailuresMax: help("Failed logins in a session", null, "Then the session is closed.", "RFC 4954 §4"),
  messagesMax: help(
    "Messages in a session",
    null,
    "The next MAIL hears 421. Told to clients as LIMITS MAILMAX.",
    "RFC 9422",
  ),
  messagesPerSourcePerMinuteMax: help("Messages from one address", "a minute", "The next one hears 450 and waits."),
  recipientsPerSourcePerMinuteMax: help("Recipients from one address", "a minute", "The next one hears 450 and waits."),
  hopsMax: help("Received lines of a message", null, "One more is a loop and is refused with 554.", "RFC 5321 §6.3"),
};

/** How messages are looked into. */
export const contentSettingHelp: Readonly<Record<keyof ContentSettings, SettingHelp>> = {
  scanners: help(
    "Scanners",
    null,
    "Each is asked about every message, in this order. Rules say what their finding means.",
  ),
  inspectedPartBytesMax: help(
    "Part that is looked into",
    "bytes",
    "Decoded. A larger one is known by name, type and size only and has the trait too-large.",
  ),
  inspectedTextBytesMax: help("Text that is read", "bytes", "Of one part, by rules and dictionaries; the rest is not."),
  verdictTimeoutMs: help(
    "Wait for the verdict",
    "ms",
    "From the last byte of a message. Past it the sender hears 451 and comes again.",
  ),
  noticeLanguage: help("Language of our notices", null, "Those that you wrote yourself are as you wrote them."),
  contact: help("Whom readers may ask", null, "Stands in notices as %(contact)%."),
  consoleUrl: help("Address of the console", null, "For %(quarantine_link)%; empty: there is no link."),
};

export type Switches<Group extends string, Settings> = {
  [K in keyof Settings & string as `${Group}.${K}`]: SettingHelp;
};

export const sessionRecordHelp = help(
  "Sessions that leave a record",
  null,
  "What a connection did, from its first command to its end. Faults: those with a refusal, a notice, a failed login or a fault.",
);

/** By path in the settings of an SMTP proxy action. */
export const smtpSettingHelp: Readonly<
  Record<
    Exclude<keyof SmtpSettings, "esmtp" | "commands" | "auth" | "recipientVerification" | "senderAuth" | "autoBan">,
    SettingHelp
  > &
    Switches<"esmtp", SmtpSettings["esmtp"]> &
    Switches<"commands", SmtpSettings["commands"]> &
    Switches<"auth", SmtpSettings["auth"]> &
    Switches<"recipientVerification", Required<SmtpSettings["recipientVerification"]>> &
    Switches<"senderAuth", Required<SmtpSettings["senderAuth"]>> &
    Switches<"autoBan", SmtpSettings["autoBan"]>
> = {
  hostName: help(
    "Host name",
    null,
    "In the greeting, the EHLO answer and the Received line: the name that the MX record has.",
    "RFC 5321 §4.2",
  ),
  banner: help(
    "Greeting",
    null,
    "After the host name. It must hold ESMTP: without the word some clients say HELO.",
    "RFC 5321 §4.3.1",
  ),
  greetingDelayMs: help(
    "Greeting held back",
    "ms",
    "Who talks before it is no mail server and is refused with 554. 0: no wait.",
  ),
  hideServerReplies: help(
    "Hide the server's replies",
    null,
    "Its codes go out with our own text: no name, address or software of inside is told. Senders lose the server's explanation.",
  ),
  receivedHeader: help(
    "Received line",
    null,
    "Every relay must add one: without it loops cannot be found.",
    "RFC 5321 §4.4",
  ),
  messageIdHeader: help(
    "Message-ID",
    null,
    "Replacing it hides the inner server's name, breaks DKIM signatures that cover it, and tears threads.",
    "RFC 5322 §3.6.4",
  ),
  tlsRules: help(
    "TLS by domain",
    null,
    "What a sender and a recipient domain ask of each leg. The first that fits decides.",
  ),
  bareLineEnds: help(
    "CR or LF alone",
    null,
    "Two servers can read it in two ways (SMTP smuggling). Refusing is safe; normalising makes it CRLF, for old devices.",
    "RFC 5321 §2.3.8",
  ),
  longLines: help(
    "Lines that are too long",
    null,
    "Breaking them changes the body: DKIM signatures of it no longer hold.",
    "RFC 5322 §2.1.1",
  ),
  recipientsDiffer: help(
    "Recipients that policy treats differently",
    null,
    "One message has one answer. Strictest: the first rule that fits any of them decides for all (one that allows has to fit all). Defer: the others come again by themselves. Split: a copy for each treatment, through the spool.",
  ),
  xclientFrom: help(
    "XCLIENT is believed from",
    null,
    "Proxies before us that tell the client's address. Whoever is in it can claim to be anyone.",
  ),
  "esmtp.pipelining": help(
    "PIPELINING",
    null,
    "Off: every command waits for its answer, which slows senders down.",
    "RFC 2920",
  ),
  "esmtp.eightBitMime": help(
    "8BITMIME",
    null,
    "Off: senders must encode mail again, which breaks DKIM signatures.",
    "RFC 6152",
  ),
  "esmtp.smtpUtf8": help("SMTPUTF8", null, "Off: addresses outside ASCII cannot send or receive.", "RFC 6531"),
  "esmtp.enhancedStatusCodes": help("ENHANCEDSTATUSCODES", null, "Off: senders cannot tell causes apart.", "RFC 2034"),
  "esmtp.dsn": help("DSN", null, "Off: senders cannot ask for delivery notices, nor forbid them.", "RFC 3461"),
  "esmtp.chunking": help(
    "CHUNKING",
    null,
    "BDAT of clients is taken and goes on as DATA, inspected all the same.",
    "RFC 3030",
  ),
  "esmtp.limits": help("LIMITS", null, "Tells clients how many messages and recipients we take.", "RFC 9422"),
  "commands.VRFY": help(
    "VRFY",
    null,
    "Noncommittal (252) says neither yes nor no; passing it on lets addresses be harvested.",
    "RFC 5321 §3.5",
  ),
  "commands.EXPN": help("EXPN", null, "Tells the members of a list; seldom wanted from outside.", "RFC 5321 §3.5"),
  "commands.HELP": help("HELP", null, "Answered with the commands that we know.", "RFC 5321 §4.1.1.8"),
  "commands.ETRN": help("ETRN", null, "Lets a client start the server's queue run.", "RFC 1985"),
  "auth.mechanisms": help(
    "Mechanisms",
    null,
    "Offered where the server offers them too. None: AUTH is not spoken.",
    "RFC 4954",
  ),
  "auth.required": help("Login required", null, "MAIL before a login is refused with 530.", "RFC 6409 §4.3"),
  "auth.beforeTls": help("Before TLS", null, "Offered in clear text, passwords can be read on the way.", "RFC 8314 §3"),
  "recipientVerification.mode": help(
    "Recipients are checked",
    null,
    "Where the server is not asked while the sender waits. Unchecked, mail to nobody is taken and must be returned to forged senders.",
  ),
  "recipientVerification.list": help("List of recipients", null, "Addresses or domains that exist."),
  "recipientVerification.positiveMinutes": help("A yes is believed", "minutes", "Then the server is asked again."),
  "recipientVerification.negativeMinutes": help("A no is believed", "minutes", "Then the server is asked again."),
  "recipientVerification.knownDays": help(
    "A recipient that took mail counts as known for",
    "days",
    "While the server cannot be asked: mail for it waits here instead of at the sender.",
  ),
  "recipientVerification.whenUnknown": help(
    "When the server cannot be asked",
    null,
    "450: the sender comes again. Accept: taken unchecked.",
  ),
  "senderAuth.results": help(
    "Authentication-Results",
    null,
    "Our line tells mail readers what was checked; lines that claim to be ours are removed.",
    "RFC 8601 §5",
  ),
  "senderAuth.authservId": help("Our name in it", null, "Empty: the host name of the greeting.", "RFC 8601 §2.5"),
  "senderAuth.ownDomains": help(
    "Our domains",
    null,
    "With their subdomains. From one of them without proof of it, a message has the trait spoofed.",
  ),
  "senderAuth.dnsbls": help(
    "DNS lists",
    null,
    "One a line, as zone=answers*weight: zen.example.org=127.0.0.[2..4]*2. The sum of the weights is the score of DNS lists.",
    "RFC 5782",
  ),
  "senderAuth.timeLimitMs": help("Checks of one message", "ms", "What is not known by then counts as temperror."),
  "senderAuth.onSignedModified": help(
    "A signed message that we change",
    null,
    "Its DKIM signature breaks. Leave it so, seal what we saw before (ARC), or sign again for a domain of ours.",
    "RFC 8617",
  ),
  "senderAuth.sealWith": help("Key that seals", null, "One of the signing keys.", "RFC 8617 §4.1"),
  "senderAuth.sign": help(
    "Sign",
    null,
    "Mail whose From is in a domain that we have an active key of gets a DKIM signature.",
    "RFC 6376",
  ),
  sessionRecords: sessionRecordHelp,
  "autoBan.on": help("Refuse a source after", null, "What makes an address unwelcome without a rule that says so."),
  "autoBan.minutes": help("For", "minutes", "Then it may come again."),
};
