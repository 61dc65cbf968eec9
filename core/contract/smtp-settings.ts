import { z } from "zod";
import { banMinutesMax } from "./ban.ts";
import { textTestSchema } from "./condition.ts";
import { senderAuthSchema } from "./content-settings.ts";
import { nameSchema } from "./name.ts";
import { hostSchema, networkText } from "./network.ts";

/** SASL mechanisms that can be passed through: none binds itself to the TLS connection, which ends with us (RFC 5802 §6). */
export const authMechanisms = [
  "PLAIN",
  "LOGIN",
  "CRAM-MD5",
  "DIGEST-MD5",
  "SCRAM-SHA-1",
  "SCRAM-SHA-256",
  "SCRAM-SHA-512",
  "XOAUTH2",
  "OAUTHBEARER",
  "NTLM",
  "GSSAPI",
  "EXTERNAL",
] as const;
export type AuthMechanism = (typeof authMechanisms)[number];

/** Why a source may be banned without a rule that says so. */
export const autoBanCauses = ["errors", "early-talk", "auth-failures", "rate", "junk"] as const;
export type AutoBanCause = (typeof autoBanCauses)[number];

/** Service extensions that are offered when the upstream has them (CHUNKING and LIMITS are ours); off: taken out of every EHLO answer. */
const esmtpSchema = z.strictObject({
  pipelining: z.boolean().default(true),
  eightBitMime: z.boolean().default(true),
  smtpUtf8: z.boolean().default(true),
  enhancedStatusCodes: z.boolean().default(true),
  dsn: z.boolean().default(true),
  /** RFC 3030: BDAT is taken from clients and goes on as DATA. */
  chunking: z.boolean().default(true),
  /** RFC 9422: tells clients our limits. */
  limits: z.boolean().default(true),
});

/** What becomes of commands that are not needed to send mail. `pass`: the upstream is asked and its answer given. */
const commandsSchema = z.strictObject({
  /** noncommittal: 252 (RFC 5321 §3.5.3). */
  VRFY: z.enum(["noncommittal", "refuse", "pass"]).default("noncommittal"),
  EXPN: z.enum(["refuse", "pass"]).default("refuse"),
  HELP: z.enum(["answer", "refuse"]).default("answer"),
  /** RFC 1985: starts the upstream's queue run. */
  ETRN: z.enum(["refuse", "pass"]).default("refuse"),
});

/** AUTH (RFC 4954) of clients, checked by the route's server: an exchange is passed through, never read. */
const authSchema = z
  .strictObject({
    /** Offered where the upstream offers them too; none: AUTH is not spoken. */
    mechanisms: z.array(z.enum(authMechanisms)).max(authMechanisms.length).default([]),
    /** MAIL before a successful AUTH is refused with 530 5.7.0. */
    required: z.boolean().default(false),
    /** Whether mechanisms are offered in clear text. */
    beforeTls: z.enum(["hidden", "offered"]).default("hidden"),
  })
  .refine(({ required, mechanisms }) => !required || mechanisms.length > 0, {
    message: "auth.required needs at least one mechanism",
    path: ["mechanisms"],
  });

/** TLS that one sender and recipient domain ask for, on each leg. The first that fits a recipient decides; none: as listener and route say. */
export const tlsRuleSchema = z.strictObject({
  name: nameSchema,
  /** Absent: every sender. */
  senderDomain: textTestSchema.optional(),
  recipientDomain: textTestSchema.optional(),
  /** required: a message that came in the clear is refused with 530 5.7.0 (at MAIL, or at RCPT where a recipient is asked about). */
  client: z.enum(["any", "required"]).default("any"),
  /** as-route: the route's own. none: in the clear. */
  upstream: z.enum(["as-route", "none", "preferred", "required"]).default("as-route"),
});
export type TlsRule = z.infer<typeof tlsRuleSchema>;

/** Which recipients exist, where the upstream is not asked while the client waits (spool), or is down (inline-or-spool). */
const recipientVerificationSchema = z
  .strictObject({
    /**
     * none: not checked. list: must be in the list. callout: the route's server is asked with MAIL and RCPT, and its answer kept. auto: callout
     * where the proxy action is incoming; the recipients of outgoing mail are strangers, and its senders our own.
     */
    mode: z.enum(["auto", "none", "list", "callout"]).default("auto"),
    list: nameSchema.optional(),
    /** How long a positive and a negative answer are believed, in minutes. */
    positiveMinutes: z.number().int().min(1).max(44_640).default(1440),
    negativeMinutes: z.number().int().min(1).max(1440).default(120),
    /** callout: for how long a recipient counts as known that the server took, while it cannot be asked, in days. */
    knownDays: z.number().int().min(0).max(3650).default(90),
    /** What a recipient hears that cannot be checked now: 450, or it is taken unchecked. */
    whenUnknown: z.enum(["tempfail", "accept"]).default("tempfail"),
  })
  .refine(({ mode, list }) => mode !== "list" || list !== undefined, {
    message: "name the list of recipients",
    path: ["list"],
  });

/** Everything that an SMTP proxy action sets besides limits and rules. */
export const smtpSettingsSchema = z.strictObject({
  /** The host name in our greeting and EHLO answer. */
  hostName: hostSchema.default("postern.invalid"),
  /** What follows the host name in the greeting. ESMTP must be in it: without the word some clients say HELO. */
  banner: z
    .string()
    .max(200)
    .regex(/^[\x20-\x7e]*$/, "use printable ASCII only")
    .refine((text) => /(?:^| )ESMTP(?: |$)/.test(text), { message: "the greeting must hold the word ESMTP" })
    .default("ESMTP"),
  /** How long the greeting is held back, in milliseconds; who talks before it is refused with 554 (RFC 5321 §3.1: the server speaks first). */
  greetingDelayMs: z.number().int().min(0).max(60_000).default(0),
  /** The codes of the upstream's replies with our own text: nothing of its names, addresses and software goes out. */
  hideServerReplies: z.boolean().default(false),
  /** RFC 5321 §4.4: a relay puts a Received line on top. */
  receivedHeader: z.enum(["add", "none"]).default("add"),
  /** replace: ours, made from the old one, in its place. Breaks DKIM signatures that cover it, and threads. */
  messageIdHeader: z.enum(["keep", "replace"]).default("keep"),
  esmtp: esmtpSchema.prefault({}),
  commands: commandsSchema.prefault({}),
  auth: authSchema.prefault({}),
  tlsRules: z.array(tlsRuleSchema).max(200).default([]),
  /** A CR or LF that stands alone in a message (RFC 5321 §2.3.8). normalise: becomes CRLF, and ends nothing. */
  bareLineEnds: z.enum(["refuse", "normalise"]).default("refuse"),
  /** Lines over lineBytesMax. break: CRLF and a blank are put in; breaks DKIM signatures of the body. */
  longLines: z.enum(["refuse", "break"]).default("refuse"),
  /**
   * Recipients of one message that policy treats differently. strictest: every rule sees all of them; the first that
   * fits any of them decides for all (one that allows has to fit all). defer: those unlike the first hear 452 4.5.3 and come again. split: one copy for each treatment, through the spool.
   * Recipients of another route are always deferred or split.
   */
  recipientsDiffer: z.enum(["strictest", "defer", "split"]).default("strictest"),
  recipientVerification: recipientVerificationSchema.prefault({}),
  senderAuth: senderAuthSchema.prefault({}),
  /** Sources that do one of these are refused for a while. */
  autoBan: z
    .strictObject({
      on: z.array(z.enum(autoBanCauses)).max(autoBanCauses.length).default([]),
      minutes: z.number().int().min(1).max(banMinutesMax).default(20),
    })
    .prefault({}),
  /** Networks whose XCLIENT is believed (Postfix's command: a proxy tells the client's address, name and login). */
  xclientFrom: z.array(networkText).max(100).default([]),
  /** Which sessions leave a record when they end. faults: those with a refusal or a fault. */
  sessionRecords: z.enum(["all", "faults", "none"]).default("all"),
});
export type SmtpSettings = z.infer<typeof smtpSettingsSchema>;
