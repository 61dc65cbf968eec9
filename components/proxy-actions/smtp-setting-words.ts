import { smtpLimits } from "./limit-words.ts";
import { generalSettings, type SettingSection } from "./setting-words.ts";

const refuseOrPass = { refuse: "Refuse", pass: "Ask the server and give its answer" };

/** The sections of an SMTP proxy action's settings, in the order of the page. */
export const smtpSections: readonly SettingSection[] = [
  {
    id: "general",
    title: "General",
    settings: [
      ...generalSettings,
      {
        path: "settings.hostName",
        label: "Host name",
        help: "In our greeting and EHLO answer. Senders compare it with the MX and the certificate.",
      },
      {
        path: "settings.banner",
        label: "Banner",
        help: "Follows the host name in the greeting. The word ESMTP must be in it: without it some clients say HELO.",
      },
      {
        path: "settings.greetingDelayMs",
        label: "Greeting delay",
        unit: "ms",
        help: "Who talks before the greeting is refused with 554 (RFC 5321 §3.1: the server speaks first). 1,000 to 5,000 stops many spam programs; every sender waits.",
      },
      {
        path: "settings.hideServerReplies",
        label: "Hide the server's replies",
        help: "Its codes with our own text: its names, addresses and software stay inside. Senders see less of why.",
      },
      {
        path: "settings.receivedHeader",
        label: "Received header",
        options: { add: "Add ours on top", none: "Add none" },
        help: "RFC 5321 §4.4 asks every relay for one; without it loops are found later.",
      },
      {
        path: "settings.messageIdHeader",
        label: "Message-ID",
        options: { keep: "Keep as it came", replace: "Replace by one of ours" },
        help: "Replacing breaks DKIM signatures that cover it, and threads.",
      },
    ],
  },
  { id: "limits", title: "Limits", help: "None can be switched off.", settings: smtpLimits },
  {
    id: "esmtp",
    title: "ESMTP and commands",
    help: "What is offered to clients where the server offers it too; off takes it out of every EHLO answer.",
    settings: [
      { path: "settings.esmtp.pipelining", label: "PIPELINING", help: "Several commands at once (RFC 2920)." },
      { path: "settings.esmtp.eightBitMime", label: "8BITMIME", help: "Bodies with 8-bit characters (RFC 6152)." },
      {
        path: "settings.esmtp.smtpUtf8",
        label: "SMTPUTF8",
        help: "Addresses outside ASCII (RFC 6531). Off refuses mail to and from them.",
      },
      { path: "settings.esmtp.enhancedStatusCodes", label: "ENHANCEDSTATUSCODES", help: "Codes as 5.7.1 (RFC 2034)." },
      { path: "settings.esmtp.dsn", label: "DSN", help: "Senders ask for delivery reports (RFC 3461)." },
      {
        path: "settings.esmtp.chunking",
        label: "CHUNKING",
        help: "BDAT is taken from clients and goes on as DATA (RFC 3030).",
      },
      { path: "settings.esmtp.limits", label: "LIMITS", help: "Tells clients our limits (RFC 9422)." },
      {
        path: "settings.commands.VRFY",
        label: "VRFY",
        options: { noncommittal: "Answer 252: cannot tell", ...refuseOrPass },
        help: "Whether an address exists: what harvesters ask (RFC 5321 §3.5.3).",
      },
      {
        path: "settings.commands.EXPN",
        label: "EXPN",
        options: refuseOrPass,
        help: "Who is on a mailing list (RFC 5321 §3.5).",
      },
      {
        path: "settings.commands.HELP",
        label: "HELP",
        options: { answer: "Answer with a line of ours", refuse: "Refuse" },
      },
      {
        path: "settings.commands.ETRN",
        label: "ETRN",
        options: refuseOrPass,
        help: "Starts the server's queue run (RFC 1985).",
      },
    ],
  },
  {
    id: "auth",
    title: "AUTH",
    help: "Clients log in at the route's server: an exchange is passed through, never read (RFC 4954).",
    settings: [
      {
        path: "settings.auth.mechanisms",
        label: "Mechanisms",
        help: "Offered where the server offers them too. None: AUTH is not spoken.",
      },
      {
        path: "settings.auth.required",
        label: "AUTH is required",
        help: "MAIL before a successful AUTH is refused with 530 5.7.0.",
      },
      {
        path: "settings.auth.beforeTls",
        label: "In clear text",
        options: { hidden: "Not offered before TLS", offered: "Offered also without TLS" },
        help: "PLAIN and LOGIN without TLS show passwords to everybody on the way.",
      },
    ],
  },
  {
    id: "tls",
    title: "TLS rules",
    help: "TLS that single domains ask for. The first rule that fits a recipient decides; where none does, listener and route say.",
    settings: [],
  },
  {
    id: "format",
    title: "Message format",
    settings: [
      {
        path: "settings.bareLineEnds",
        label: "CR or LF that stands alone",
        options: { refuse: "Refuse the message", normalise: "Make it CRLF; it ends nothing" },
        help: "Two servers that read it differently see different messages: SMTP smuggling (RFC 5321 §2.3.8).",
      },
      {
        path: "settings.longLines",
        label: "Lines over the limit",
        options: { refuse: "Refuse the message", break: "Break them with CRLF and a blank" },
        help: "Breaking changes the body: its DKIM signature fails.",
      },
      {
        path: "settings.recipientsDiffer",
        label: "Recipients that policy treats differently",
        options: {
          strictest: "Strictest: one verdict for all of them",
          defer: "Defer: those unlike the first come again (452)",
          split: "Split: one copy each, through the spool",
        },
        help: "Recipients of another route are always deferred or split.",
      },
    ],
  },
  {
    id: "verification",
    title: "Recipient verification",
    help: "Which recipients exist, where the server is not asked while the client waits, or is down.",
    settings: [
      {
        path: "settings.recipientVerification.mode",
        label: "How",
        options: { none: "Not checked", list: "Must be in a list", callout: "Ask the route's server (MAIL, RCPT)" },
      },
      {
        path: "settings.recipientVerification.list",
        label: "List",
        help: "The name of a list of addresses, domains or patterns. Only for “must be in a list”.",
      },
      {
        path: "settings.recipientVerification.positiveMinutes",
        label: "A yes is believed for",
        unit: "minutes",
      },
      { path: "settings.recipientVerification.negativeMinutes", label: "A no is believed for", unit: "minutes" },
      {
        path: "settings.recipientVerification.whenUnknown",
        label: "When it cannot be checked now",
        options: { tempfail: "450: come again", accept: "Take it unchecked" },
        help: "Taken unchecked, an unknown recipient becomes a bounce later.",
      },
    ],
  },
  {
    id: "bans",
    title: "Bans and trust",
    settings: [
      {
        path: "settings.autoBan.on",
        label: "Ban sources for",
        help: "Sources that do one of these are refused for a while.",
        options: {
          errors: "Too many errors",
          "early-talk": "Talking before the greeting",
          "auth-failures": "Too many failed logins",
          rate: "Too many connections, messages or recipients a minute",
          junk: "Too many commands without a message",
        },
      },
      { path: "settings.autoBan.minutes", label: "How long", unit: "minutes" },
      {
        path: "settings.xclientFrom",
        label: "XCLIENT is believed from",
        help: "Networks of proxies that tell the client's address, name and login (Postfix's command). Who is in them can claim to be anybody.",
      },
    ],
  },
];
