import { z } from "zod";
import { textTestSchema } from "./condition.ts";
import { contentSettingsSchema } from "./content-settings.ts";
import { credentialsMax } from "./credential.ts";
import { dictionariesMax, dictionarySchema } from "./dictionary.ts";
import { pop3LimitsSchema, smtpLimitsSchema } from "./limits.ts";
import { nameSchema } from "./name.ts";
import { hostSchema, networkText, portSchema } from "./network.ts";
import { noticeSchema, noticesMax } from "./notice.ts";
import { policyTestSchema, policyTestsMax } from "./policy-test.ts";
import { pop3SettingsSchema } from "./pop3-settings.ts";
import { delayNoticesSchema, retryScheduleSchema } from "./retry-schedule.ts";
import { rulesetSchema } from "./rule.ts";
import { scannerSchema, scannersMax } from "./scanner.ts";
import { scheduleSchema } from "./schedule.ts";
import { smtpSettingsSchema } from "./smtp-settings.ts";
import { listenTlsSchema, routeTlsSchema } from "./tls.ts";

export const interfaceSchema = z.strictObject({
  name: nameSchema,
  zone: z.enum(["external", "trusted", "optional", "custom"]),
  networks: z.array(networkText).max(1000).default([]),
});
export type Interface = z.infer<typeof interfaceSchema>;

/** Where the entries of a list come from: they are fetched again so often. */
const listFeedSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: "expected an address that begins with https://" }).max(2_000),
  everyMinutes: z.number().int().min(5).max(10_080).default(60),
});

export const listEntriesMax = 100_000;

export const listSchema = z.strictObject({
  name: nameSchema,
  kind: z.enum(["networks", "domains", "addresses", "patterns", "words"]),
  /** The console keeps the entries as the address gives them; workers use the entries and never ask it. */
  feed: listFeedSchema.optional(),
  entries: z.array(z.string().min(1).max(1024)).max(listEntriesMax),
});
export type List = z.infer<typeof listSchema>;

const targetSchema = z.strictObject({
  host: hostSchema,
  port: portSchema,
  /** Lower is tried first. */
  priority: z.number().int().min(0).max(65_535).default(0),
  /** The share of connections among targets of one priority. */
  weight: z.number().int().min(1).max(1000).default(1),
});
export type Target = z.infer<typeof targetSchema>;

const targetsSchema = z.array(targetSchema).max(16);

const routeShape = {
  name: nameSchema,
  /** How long a target may take to accept a connection and to greet, in milliseconds. */
  connectTimeoutMs: z.number().int().min(100).max(300_000).default(10_000),
  /** Silence of the upstream while an answer is due, in milliseconds (RFC 5321 §4.5.3.2: 5 to 10 minutes). */
  replyTimeoutMs: z.number().int().min(1000).max(600_000).default(300_000),
};

/** What the senders of queued mail are told of it (RFC 3464). */
export const senderNoticesSchema = z.strictObject({
  /** The route that brings reports to senders: it must lead to their domains. */
  route: nameSchema,
  /** Who they are from; absent: postmaster at the host name of the policy. */
  from: z
    .string()
    .max(320)
    .regex(/^[^\s<>@]+@[^\s<>@]+$/, "write an address: postmaster@example.com")
    .optional(),
  delayedAfter: delayNoticesSchema,
  /** How long mail that failed stays in the queue after its sender was told, for a person to send it again, in days. */
  keepDays: z.number().int().min(0).max(365).default(5),
});
export type SenderNotices = z.infer<typeof senderNoticesSchema>;

export const smtpRouteSchema = z
  .strictObject({
    ...routeShape,
    protocol: z.literal("smtp"),
    /** targets: those that are written. mx: the mail servers of each recipient's domain (RFC 5321 §5.1). */
    lookup: z.enum(["targets", "mx"]).default("targets"),
    targets: targetsSchema.default([]),
    /** inline: the sender hears the real server. inline-or-spool: accepted for later while it is down. spool: always accepted for later. */
    delivery: z.enum(["inline", "inline-or-spool", "spool"]).default("inline"),
    /** inline-or-spool: also when the server refuses a sender or a first recipient for now (4xx), not only when it is away. */
    spoolOn: z.enum(["down", "down-or-4xx"]).default("down"),
    retrySchedule: retryScheduleSchema,
    /** How long mail without a sender (reports, vacation notices) is tried, in hours. */
    nullSenderHours: z.number().int().min(1).max(720).default(24),
    /** Attempts of the queue at once to one destination: the route, by MX a domain; absent: 20, by MX 10. */
    concurrencyMax: z.number().int().min(1).max(200).optional(),
    /** What the queue delivers to one destination in a minute; mail of sessions is not counted. Absent: as much as its server takes. */
    messagesPerMinute: z.number().int().min(1).max(100_000).optional(),
    /** Absent: senders hear nothing, and mail that failed stays in the queue until a person decides. */
    senderNotices: senderNoticesSchema.optional(),
    /** Absent: clear text. */
    tls: routeTlsSchema.optional(),
    /** The credential that we log in with (RFC 4954); absent: without. */
    credential: nameSchema.optional(),
    /** What we call ourselves in EHLO (RFC 5321 §4.1.1.1); absent: the worker's host name. */
    heloName: hostSchema.optional(),
    /** The local address that connections leave from; absent: the system's choice. */
    sourceAddress: z.union([z.ipv4(), z.ipv6()]).optional(),
    /** How often each target is asked whether it serves, in milliseconds; absent: known from traffic alone. */
    healthCheckMs: z.number().int().min(1000).max(3_600_000).optional(),
  })
  .refine(({ lookup, targets }) => lookup === "mx" || targets.length > 0, {
    message: "name at least one target",
    path: ["targets"],
  })
  .refine(({ lookup, targets }) => lookup === "targets" || targets.length === 0, {
    message: "a route by MX has no targets of its own",
    path: ["targets"],
  })
  .refine(({ lookup, credential }) => lookup === "targets" || credential === undefined, {
    message: "a route by MX leads to servers of strangers: it logs in nowhere",
    path: ["credential"],
  });
/** Users who log in here with what their credential says to clients, and at the server with the credential itself. */
const bridgeSchema = z.strictObject({
  /** Credentials that hold a client password; whose user logs in, is bridged. */
  credentials: z.array(nameSchema).min(1).max(credentialsMax),
  /** Users without one. pass: they log in at the server as they are. refuse: as with a wrong password. */
  others: z.enum(["pass", "refuse"]).default("pass"),
});

export const pop3RouteSchema = z.strictObject({
  ...routeShape,
  protocol: z.literal("pop3"),
  targets: targetsSchema.min(1),
  /** Absent: clear text. STARTTLS is STLS here (RFC 2595 §4). */
  tls: routeTlsSchema.optional(),
  /** The local address that connections leave from; absent: the system's choice. */
  sourceAddress: z.union([z.ipv4(), z.ipv6()]).optional(),
  /** How often each target is asked whether it serves, in milliseconds; absent: known from traffic alone. */
  healthCheckMs: z.number().int().min(1000).max(3_600_000).optional(),
  bridge: bridgeSchema.optional(),
});
export const routeSchema = z.discriminatedUnion("protocol", [smtpRouteSchema, pop3RouteSchema]);
export type SmtpRoute = z.infer<typeof smtpRouteSchema>;
export type Pop3Route = z.infer<typeof pop3RouteSchema>;
export type Route = z.infer<typeof routeSchema>;

const proxyActionShape = {
  name: nameSchema,
  direction: z.enum(["incoming", "outgoing"]),
  content: contentSettingsSchema.prefault({}),
};

export const smtpProxyActionSchema = z.strictObject({
  ...proxyActionShape,
  protocol: z.literal("smtp"),
  limits: smtpLimitsSchema.prefault({}),
  settings: smtpSettingsSchema.prefault({}),
  rulesets: z
    .strictObject({
      greeting: rulesetSchema.optional(),
      auth: rulesetSchema.optional(),
      sender: rulesetSchema.optional(),
      recipient: rulesetSchema.optional(),
      header: rulesetSchema.optional(),
      attachment: rulesetSchema.optional(),
      message: rulesetSchema.optional(),
    })
    .default({}),
});
export const pop3ProxyActionSchema = z.strictObject({
  ...proxyActionShape,
  protocol: z.literal("pop3"),
  limits: pop3LimitsSchema.prefault({}),
  settings: pop3SettingsSchema.prefault({}),
  rulesets: z
    .strictObject({
      command: rulesetSchema.optional(),
      header: rulesetSchema.optional(),
      attachment: rulesetSchema.optional(),
      message: rulesetSchema.optional(),
    })
    .default({}),
});
export const proxyActionSchema = z.discriminatedUnion("protocol", [smtpProxyActionSchema, pop3ProxyActionSchema]);
export type SmtpProxyAction = z.infer<typeof smtpProxyActionSchema>;
export type Pop3ProxyAction = z.infer<typeof pop3ProxyActionSchema>;
export type ProxyAction = z.infer<typeof proxyActionSchema>;

/** allow: the proxy action decides. The others take no mail: greeted with 521 (RFC 7504) or 554, or closed without a word. */
export const dispositionSchema = z.enum(["allow", "refuse-521", "refuse-554", "close"]);
export type Disposition = z.infer<typeof dispositionSchema>;

const userRouteSchema = z
  .strictObject({
    user: textTestSchema.optional(),
    /** What stands behind the last @ of the user. */
    domain: textTestSchema.optional(),
    route: nameSchema,
  })
  .refine(({ user, domain }) => user !== undefined || domain !== undefined, {
    message: "say which users: user, domain or both",
  });
export type UserRoute = z.infer<typeof userRouteSchema>;

const serverChoiceSchema = z.strictObject({
  separator: z.enum(["%", "#", "!", "|"]).default("%"),
  servers: z
    .array(z.strictObject({ server: hostSchema, route: nameSchema }))
    .min(1)
    .max(200),
});
export type ServerChoice = z.infer<typeof serverChoiceSchema>;

export const policySchema = z.strictObject({
  name: nameSchema,
  protocol: z.enum(["smtp", "pop3"]),
  enabled: z.boolean().default(true),
  from: z.strictObject({
    interface: nameSchema,
    /** Networks that may connect, with those of the lists; none named: every source. */
    sources: z.array(networkText).max(1000).default([]),
    sourceLists: z.array(nameSchema).max(100).default([]),
  }),
  to: z.strictObject({
    interface: nameSchema,
    route: nameSchema,
    /** SMTP only: other routes by recipient domain; the first that fits takes the recipient, none: `route`. */
    routes: z
      .array(z.strictObject({ recipientDomain: textTestSchema, route: nameSchema }))
      .max(200)
      .default([]),
    /** POP3 only: other routes by who logs in; the first that fits takes the login, none: `route`. */
    userRoutes: z.array(userRouteSchema).max(200).default([]),
    /** POP3 only: a client may name one of these servers behind the user, as in anna%pop.example.com. It comes before userRoutes. */
    serverChoice: serverChoiceSchema.optional(),
  }),
  /** Absent: always. Outside its windows the policy is passed over, and the next one that admits the source takes the connection. */
  schedule: scheduleSchema.optional(),
  disposition: dispositionSchema.default("allow"),
  listen: z
    .array(
      z.strictObject({
        address: z.union([z.ipv4(), z.ipv6()]),
        port: portSchema,
        /** Absent: clear text. */
        tls: listenTlsSchema.optional(),
        /** Balancers that say whose connection it is (PROXY protocol, version 1 or 2); from them it is expected, from others never read. */
        proxyProtocolFrom: z.array(networkText).max(100).default([]),
      }),
    )
    .min(1)
    .max(64),
  proxyAction: nameSchema,
});
export type Policy = z.infer<typeof policySchema>;

/** The human form of everything that the administrators decide, and what a bundle carries. Names refer to each other. */
export const policyDocumentSchema = z.strictObject({
  version: z.literal(1),
  interfaces: z.array(interfaceSchema).max(100).default([]),
  lists: z.array(listSchema).max(1000).default([]),
  scanners: z.array(scannerSchema).max(scannersMax).default([]),
  dictionaries: z.array(dictionarySchema).max(dictionariesMax).default([]),
  notices: z.array(noticeSchema).max(noticesMax).default([]),
  routes: z.array(routeSchema).max(1000).default([]),
  proxyActions: z.array(proxyActionSchema).max(500).default([]),
  policies: z.array(policySchema).max(1000).default([]),
  /** Run whenever the policy is published; workers leave them aside. */
  tests: z.array(policyTestSchema).max(policyTestsMax).default([]),
});
export type PolicyDocument = z.infer<typeof policyDocumentSchema>;

/** The sections whose objects have names, in their order. */
export const documentSections = [
  "interfaces",
  "lists",
  "scanners",
  "dictionaries",
  "notices",
  "routes",
  "proxyActions",
  "policies",
  "tests",
] as const satisfies readonly (keyof PolicyDocument)[];

/** What is wrong with a document, and where. `line` and `column` count from 1 and are present when it came as text. */
export const problemSchema = z.strictObject({
  path: z.array(z.union([z.string(), z.number()])),
  code: z.enum([
    "syntax",
    "shape",
    "duplicate-name",
    "unknown-name",
    "wrong-kind",
    "bad-pattern",
    "bad-network",
    "illegal",
    "listener",
  ]),
  message: z.string(),
  line: z.number().int().positive().optional(),
  column: z.number().int().positive().optional(),
});
export type Problem = z.infer<typeof problemSchema>;
