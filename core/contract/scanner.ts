import { z } from "zod";
import { nameSchema } from "./name.ts";
import { hostSchema, portSchema } from "./network.ts";

/** Where a scanner listens: TCP, or a Unix socket on the worker's host. */
const scannerPlaceSchema = z.union([
  z.strictObject({ host: hostSchema, port: portSchema }),
  z.strictObject({
    socket: z
      .string()
      .min(2)
      .max(100)
      .regex(/^\/[^\0]+$/, "a socket is an absolute path"),
  }),
]);

/**
 * A program that judges content, beside the worker. clamd: INSTREAM. rspamd: `POST /checkv2`. spamd: SpamAssassin's SPAMC.
 * icap: RFC 3507. What it found is told to the rules (`virus`, `spamScore`, `spamSymbol` …); it refuses nothing by itself.
 */
export const scannerSchema = z
  .strictObject({
    name: nameSchema,
    kind: z.enum(["clamd", "rspamd", "spamd", "icap"]),
    at: scannerPlaceSchema,
    /** icap: the service's path. */
    service: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[\x21-\x7e]+$/, "a service path has no blanks")
      .optional(),
    /** parts: each decoded part. message: the whole message as it came. Absent: parts for clamd and icap, message for the others. */
    scans: z.enum(["parts", "message"]).optional(),
    /** From the question to the verdict, waiting for a free connection included. */
    timeLimitMs: z.number().int().min(100).max(300_000).default(10_000),
    /** What is larger is not sent and counts as failed. */
    sizeLimitBytes: z.number().int().min(1024).max(1_073_741_824).default(26_214_400),
    connectionsMax: z.number().int().min(1).max(256).default(8),
    /**
     * When it gives no verdict. tempfail: the message hears 451 and comes again (POP3: a notice takes its place). pass: as if nothing was found.
     * match: the fact `virus` reads "no verdict", so that rules about malware match.
     */
    onFailure: z.enum(["tempfail", "pass", "match"]).default("tempfail"),
    /** How long a verdict on the same content is believed, in minutes; absent: not at all. */
    cacheMinutes: z.number().int().min(1).max(10_080).optional(),
  })
  .refine(({ kind, service }) => kind === "icap" || service === undefined, {
    message: "only icap has a service",
    path: ["service"],
  })
  .refine(({ kind, scans }) => (kind !== "rspamd" && kind !== "spamd") || scans !== "parts", {
    message: "rspamd and spamd judge whole messages",
    path: ["scans"],
  });
export type Scanner = z.infer<typeof scannerSchema>;
export const scannersMax = 50;

/** The reading of `virus` for content on which a scanner with `onFailure: match` gave no verdict. */
export const noVerdict = "no verdict";

/** How a scanner does, as its worker sees it. */
export const scannerStatusSchema = z.strictObject({
  scanner: z.string(),
  /** unknown: nothing was asked yet. */
  state: z.enum(["up", "failing", "unknown"]),
  /** Its program, and its signatures' version and date, as it tells them. */
  version: z.string().nullable(),
  signaturesAt: z.iso.datetime().nullable(),
  lastVerdictAt: z.iso.datetime().nullable(),
  lastError: z.string().nullable(),
  lastErrorAt: z.iso.datetime().nullable(),
  scansLastHour: z.number().int().nonnegative(),
  failuresLastHour: z.number().int().nonnegative(),
  /** Of the last verdicts, in milliseconds; null: none yet. */
  medianMs: z.number().nonnegative().nullable(),
});
export type ScannerStatus = z.infer<typeof scannerStatusSchema>;
