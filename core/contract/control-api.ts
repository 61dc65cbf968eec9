import { z } from "zod";
import { replyText } from "./action.ts";
import { banMinutesMax } from "./ban.ts";
import { credentialSchema, credentialsMax } from "./credential.ts";
import { problemSchema } from "./policy-document.ts";
import { destinationCommandSchema, queueCommandSchema, queueEntrySchema } from "./queue.ts";
import { workerStatusSchema } from "./report.ts";
import { signingKeySchema, signingKeysMax } from "./signing-key.ts";

/**
 * The worker's control API: HTTP with JSON bodies, `Authorization: Bearer <token>` on every request.
 *   GET  /v1/status          → workerStatusSchema
 *   PUT  /v1/bundle          signedBundleSchema → bundleAnswerSchema | 400 401 409 413 422 controlErrorSchema
 *   GET  /v1/queue?after=ID&limit=N → queuePageSchema, in order of id
 *   POST /v1/queue/commands  queueCommandRequestSchema → queueCommandAnswerSchema
 *   GET  /v1/queue/message?id=ID → the message as it is queued (application/octet-stream), its first `queueMessageBytesMax` | 404
 *   POST /v1/queue/destinations destinationRequestSchema → destinationAnswerSchema
 *   PUT  /v1/drain           drainRequestSchema → drainRequestSchema
 *   POST /v1/bans/commands   banCommandRequestSchema → banCommandAnswerSchema
 *   PUT  /v1/credentials     credentialsRequestSchema → credentialsAnswerSchema; replaces all of them
 *   PUT  /v1/signing-keys    signingKeysRequestSchema → signingKeysAnswerSchema; replaces all of them
 *   GET  /v1/connections     → liveSessionsAnswerSchema, those that began first
 *   POST /v1/connections/commands killRequestSchema → killAnswerSchema
 *   GET  /v1/quarantine?after=ID&limit=N → quarantinePageSchema, in order of id
 *   GET  /v1/quarantine/content?id=ID → the bytes that were kept (application/octet-stream) | 404
 *   POST /v1/quarantine/commands quarantineCommandRequestSchema → quarantineCommandAnswerSchema
 *   POST /v1/simulations     simulationRequestSchema → simulationAnswerSchema | 413 422; nothing is sent, kept or counted
 */
export const controlPaths = {
  status: "/v1/status",
  bundle: "/v1/bundle",
  queue: "/v1/queue",
  queueCommands: "/v1/queue/commands",
  queueMessage: "/v1/queue/message",
  queueDestinations: "/v1/queue/destinations",
  drain: "/v1/drain",
  banCommands: "/v1/bans/commands",
  credentials: "/v1/credentials",
  signingKeys: "/v1/signing-keys",
  connections: "/v1/connections",
  connectionCommands: "/v1/connections/commands",
  quarantine: "/v1/quarantine",
  quarantineContent: "/v1/quarantine/content",
  quarantineCommands: "/v1/quarantine/commands",
  simulations: "/v1/simulations",
} as const;

export const statusAnswerSchema = workerStatusSchema;

export const bundleAnswerSchema = z.strictObject({
  revision: z.number().int().positive(),
  digest: z.string(),
  /** false: the worker already had exactly this revision. */
  changed: z.boolean(),
});
export type BundleAnswer = z.infer<typeof bundleAnswerSchema>;

export const controlErrorSchema = z.strictObject({
  error: z.strictObject({
    code: z.enum([
      "bad-request",
      "unauthorized",
      "not-found",
      "stale-revision",
      "too-large",
      "bad-signature",
      "expired",
      "wrong-worker",
      "invalid-policy",
    ]),
    message: z.string(),
    problems: z.array(problemSchema),
  }),
});
export type ControlError = z.infer<typeof controlErrorSchema>["error"];

export const queuePageSchema = z.strictObject({ entries: z.array(queueEntrySchema), next: z.string().nullable() });
export type QueuePage = z.infer<typeof queuePageSchema>;

export const queueCommandIdsMax = 1_000;
export const queueCommandRequestSchema = z.strictObject({
  command: queueCommandSchema,
  ids: z.array(z.string().min(1).max(64)).min(1).max(queueCommandIdsMax),
  /** The person, for the event. */
  by: z.string().min(1).max(200),
  /** Of a return or bounce: what the sender is told. */
  text: replyText.optional(),
  /** Of a reroute: the SMTP route that it goes by from now on. */
  route: z.string().min(1).max(200).optional(),
});
export type QueueCommandRequest = z.infer<typeof queueCommandRequestSchema>;

export const queueCommandAnswerSchema = z.strictObject({
  results: z.array(z.strictObject({ id: z.string(), done: z.boolean(), reason: z.string().nullable() })),
});
export type QueueCommandAnswer = z.infer<typeof queueCommandAnswerSchema>;

/** Of a queued message that is looked at. Bytes. */
export const queueMessageBytesMax = 1_048_576;

export const destinationRequestSchema = z.strictObject({
  command: destinationCommandSchema,
  route: z.string().min(1).max(200),
  destination: z.string().min(1).max(255),
  by: z.string().min(1).max(200),
});
export type DestinationRequest = z.infer<typeof destinationRequestSchema>;
/** `reason`: why it was not done, or what came of a probe. */
export const destinationAnswerSchema = z.strictObject({ done: z.boolean(), reason: z.string().nullable() });
export type DestinationAnswer = z.infer<typeof destinationAnswerSchema>;

/** on: no new connections and no new attempts; what is under way finishes. off: as before. A restart ends it. */
export const drainRequestSchema = z.strictObject({ on: z.boolean(), by: z.string().min(1).max(200) });
export type DrainRequest = z.infer<typeof drainRequestSchema>;

const banAddresses = z
  .array(z.union([z.ipv4(), z.ipv6()]))
  .min(1)
  .max(1_000);

/** ban: refuse the addresses for `minutes`. lift: take them again, now. */
export const banCommandRequestSchema = z.discriminatedUnion("command", [
  z.strictObject({
    command: z.literal("ban"),
    addresses: banAddresses,
    minutes: z.number().int().min(1).max(banMinutesMax),
    reason: z.string().max(500),
    by: z.string().min(1).max(200),
  }),
  z.strictObject({ command: z.literal("lift"), addresses: banAddresses, by: z.string().min(1).max(200) }),
]);
export type BanCommandRequest = z.infer<typeof banCommandRequestSchema>;

/** `done`: how many were changed; a lift of an address that is not banned changes nothing. */
export const banCommandAnswerSchema = z.strictObject({ done: z.number().int().nonnegative() });
export type BanCommandAnswer = z.infer<typeof banCommandAnswerSchema>;

export const credentialsRequestSchema = z.strictObject({ credentials: z.array(credentialSchema).max(credentialsMax) });
export type CredentialsRequest = z.infer<typeof credentialsRequestSchema>;
export const credentialsAnswerSchema = z.strictObject({ names: z.array(z.string()) });
export type CredentialsAnswer = z.infer<typeof credentialsAnswerSchema>;

export const signingKeysRequestSchema = z.strictObject({ keys: z.array(signingKeySchema).max(signingKeysMax) });
export type SigningKeysRequest = z.infer<typeof signingKeysRequestSchema>;
export const signingKeysAnswerSchema = z.strictObject({ names: z.array(z.string()) });
export type SigningKeysAnswer = z.infer<typeof signingKeysAnswerSchema>;
