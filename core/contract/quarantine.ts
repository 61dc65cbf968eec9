import { z } from "zod";

/** Why something is kept, and how many days it is by default. */
export const quarantineCauses = {
  malware: 30,
  spam: 14,
  content: 30,
  attachment: 30,
  dlp: 90,
  authentication: 14,
  approval: 14,
} as const satisfies Record<string, number>;
export type QuarantineCause = keyof typeof quarantineCauses;
export const quarantineCauseSchema = z.enum(Object.keys(quarantineCauses) as [QuarantineCause, ...QuarantineCause[]]);

/** What the worker keeps, and how the console shows it. Ids are those of the message, with `-n` for its part n. */
export const quarantineEntrySchema = z.strictObject({
  id: z.string().min(1).max(64),
  /** The event that tells of the message. */
  messageId: z.string().min(1).max(64),
  kind: z.enum(["message", "part"]),
  cause: quarantineCauseSchema,
  /** Names of the malware that was found in the message; not empty: whoever releases it needs the permission for that. */
  malware: z.array(z.string()).max(20),
  ruleId: z.string().nullable(),
  ruleName: z.string().nullable(),
  revision: z.number().int().nonnegative(),
  protocol: z.enum(["smtp", "pop3"]),
  direction: z.enum(["incoming", "outgoing"]),
  interface: z.string(),
  policy: z.string(),
  route: z.string().nullable(),
  clientAddress: z.string(),
  /** POP3: null, and `user` says whose mailbox it lies in. */
  sender: z.string().nullable(),
  recipients: z.array(z.string()).max(1_000),
  user: z.string().nullable(),
  from: z.string().nullable(),
  subject: z.string().nullable(),
  /** Of a part. */
  fileName: z.string().nullable(),
  contentType: z.string().nullable(),
  bytes: z.number().int().nonnegative(),
  /** SHA-256 of what is kept, hexadecimal. */
  sha256: z.string().length(64),
  keptAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** held: waits for a decision. released: went to everyone or to those named in `releasedTo`; it stays until it expires. */
  state: z.enum(["held", "released"]),
  releasedTo: z.array(z.string()).max(1_000),
});
export type QuarantineEntry = z.infer<typeof quarantineEntrySchema>;

export const quarantineCommandIdsMax = 1_000;

/**
 * release: on to its recipients, or to `recipients` of them; only the rule that kept it is passed over, scanners look again. `malware`: release
 * although malware was found; needs a `reason`. POP3: what is released is delivered as it was at the next RETR. delete: gone.
 */
export const quarantineCommandRequestSchema = z.discriminatedUnion("command", [
  z.strictObject({
    command: z.literal("release"),
    ids: z.array(z.string().min(1).max(64)).min(1).max(quarantineCommandIdsMax),
    recipients: z.array(z.string().min(1).max(320)).max(1_000).optional(),
    malware: z.boolean().default(false),
    reason: z.string().max(500).default(""),
    by: z.string().min(1).max(200),
  }),
  z.strictObject({
    command: z.literal("delete"),
    ids: z.array(z.string().min(1).max(64)).min(1).max(quarantineCommandIdsMax),
    reason: z.string().max(500).default(""),
    by: z.string().min(1).max(200),
  }),
]);
export type QuarantineCommandRequest = z.infer<typeof quarantineCommandRequestSchema>;

export const quarantineCommandAnswerSchema = z.strictObject({
  results: z.array(z.strictObject({ id: z.string(), done: z.boolean(), reason: z.string().nullable() })),
});
export type QuarantineCommandAnswer = z.infer<typeof quarantineCommandAnswerSchema>;

export const quarantinePageSchema = z.strictObject({
  entries: z.array(quarantineEntrySchema),
  next: z.string().nullable(),
});
