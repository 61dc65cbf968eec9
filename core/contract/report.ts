import { z } from "zod";
import { banSchema, bansReportedMax } from "./ban.ts";
import { certificateStatusSchema, certificatesMax } from "./certificate.ts";
import { credentialsMax } from "./credential.ts";
import { eventSchema } from "./event.ts";
import { quarantineEntrySchema } from "./quarantine.ts";
import { destinationsReportedMax, queueDestinationSchema, queueEntrySchema } from "./queue.ts";
import { scannerStatusSchema, scannersMax } from "./scanner.ts";
import { signingKeysMax } from "./signing-key.ts";

export const reportEventsMax = 500;
export const reportQueueChangesMax = 1_000;
export const reportQuarantineChangesMax = 500;
export const reportBytesMax = 16 * 1024 * 1024;

export const routeTargetsReportedMax = 100;

export const routeStatusSchema = z.strictObject({
  route: z.string(),
  protocol: z.enum(["smtp", "pop3"]),
  /** Its servers are those of the recipient's domain: there is none to ask about the route itself. */
  byDomain: z.boolean().default(false),
  /** relaying: the last contact went well. down: no target could be reached. unknown: not tried yet. */
  state: z.enum(["relaying", "down", "unknown"]),
  /** Since when it is in this state; null: not tried yet. */
  since: z.iso.datetime().nullable().default(null),
  queued: z.number().int().nonnegative(),
  oldestAt: z.iso.datetime().nullable(),
  lastError: z.string().nullable(),
  /** Each server that was tried or checked. */
  targets: z
    .array(
      z.strictObject({
        /** `host:port`. */
        target: z.string(),
        state: z.enum(["up", "down", "unknown"]),
        lastError: z.string().nullable(),
        checkedAt: z.iso.datetime().nullable(),
        connections: z.number().int().nonnegative(),
        /** Keywords of its EHLO answer that are never passed on. */
        strippedKeywords: z.array(z.string()).max(100),
      }),
    )
    .max(routeTargetsReportedMax),
});
export type RouteStatus = z.infer<typeof routeStatusSchema>;

export const workerStatusSchema = z.strictObject({
  version: z.string(),
  startedAt: z.iso.datetime(),
  /** 0: the policy came from a file or there is none yet. */
  revision: z.number().int().nonnegative(),
  digest: z.string().nullable(),
  listeners: z.array(
    z.strictObject({
      address: z.string(),
      port: z.number().int(),
      protocol: z.enum(["smtp", "pop3"]),
      interface: z.string(),
      connections: z.number().int().nonnegative(),
    }),
  ),
  routes: z.array(routeStatusSchema),
  /** Those that worker.yaml names, in its order. */
  certificates: z.array(certificateStatusSchema).max(certificatesMax),
  /** The names of the credentials that it holds. */
  credentials: z.array(z.string()).max(credentialsMax),
  /** The names of the signing keys that it holds. */
  signingKeys: z.array(z.string()).max(signingKeysMax).default([]),
  /** Those of the policy, in its order. */
  scanners: z.array(scannerStatusSchema).max(scannersMax).default([]),
  quarantine: z
    .strictObject({ entries: z.number().int().nonnegative(), bytes: z.number().int().nonnegative() })
    .default({ entries: 0, bytes: 0 }),
  queue: z.strictObject({
    depth: z.number().int().nonnegative(),
    bytes: z.number().int().nonnegative(),
    oldestAt: z.iso.datetime().nullable(),
  }),
  /** Of the queue; those with most mail, past `destinationsReportedMax` the others are left out. */
  destinations: z.array(queueDestinationSchema).max(destinationsReportedMax).default([]),
  /** It takes no new connections and begins no attempts: somebody drains it. */
  draining: z.boolean().default(false),
  /** Sources that are refused now; those that end last are left out past `bansReportedMax`. */
  bans: z.array(banSchema).max(bansReportedMax),
  banCount: z.number().int().nonnegative(),
  /** Faults that a person should see, each with what to do; empty when all is well. */
  faults: z.array(z.string()),
});
export type WorkerStatus = z.infer<typeof workerStatusSchema>;

/**
 * What a worker tells the console. Idempotent by (workerId, sequence): the console applies a sequence once and
 * answers the repeats the same way. The worker keeps unanswered reports on disk, oldest first; past its cap the oldest events are
 * dropped and counted in `eventsDropped`.
 */
export const reportSchema = z.strictObject({
  workerId: z.string().min(1).max(64),
  sequence: z.number().int().positive(),
  at: z.iso.datetime(),
  status: workerStatusSchema,
  events: z.array(eventSchema).max(reportEventsMax),
  /** Increments since the report before, by rule id. */
  counters: z.array(
    z.strictObject({
      ruleId: z.string(),
      enforced: z.number().int().nonnegative(),
      observed: z.number().int().nonnegative(),
    }),
  ),
  /** `reset`: forget every entry of this worker first (a full snapshot begins). */
  queue: z.strictObject({
    reset: z.boolean(),
    upserts: z.array(queueEntrySchema).max(reportQueueChangesMax),
    removals: z.array(z.string()).max(reportQueueChangesMax),
  }),
  /** As `queue`. */
  quarantine: z
    .strictObject({
      reset: z.boolean(),
      upserts: z.array(quarantineEntrySchema).max(reportQuarantineChangesMax),
      removals: z.array(z.string()).max(reportQuarantineChangesMax),
    })
    .default({ reset: false, upserts: [], removals: [] }),
  eventsDropped: z.number().int().nonnegative(),
});
export type Report = z.infer<typeof reportSchema>;

export const reportAnswerSchema = z.strictObject({ acceptedSequence: z.number().int().nonnegative() });
export type ReportAnswer = z.infer<typeof reportAnswerSchema>;
