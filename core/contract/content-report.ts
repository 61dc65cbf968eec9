import { z } from "zod";

export const reportTextMax = 1_000;
const shortText = z.string().max(reportTextMax);

/** What was seen of the sender. */
export const senderAuthResultSchema = z.strictObject({
  spf: z.strictObject({ result: z.string(), domain: z.string() }).nullable(),
  dkim: z
    .array(z.strictObject({ result: z.string(), domain: z.string(), selector: z.string(), aligned: z.boolean() }))
    .max(20),
  dmarc: z.strictObject({ result: z.string(), policy: z.string().nullable(), domain: z.string() }).nullable(),
  arc: z
    .strictObject({ result: z.string(), chain: z.number().int().nonnegative(), sealer: z.string().nullable() })
    .nullable(),
  reverseName: z.strictObject({ result: z.string(), names: z.array(z.string()).max(20) }).nullable(),
  helo: z.strictObject({ result: z.string() }).nullable(),
  dnsbls: z.array(z.strictObject({ zone: z.string(), weight: z.number(), answer: z.string() })).max(20),
});
export type SenderAuthResult = z.infer<typeof senderAuthResultSchema>;

export const scansReportedMax = 50;
export const changesReportedMax = 100;
export const entriesReportedMax = 20;
export const quarantinedReportedMax = 100;

/** What a look inside a message came to: of events, beside the decision. */
export const contentReportSchema = z.strictObject({
  /** How much was held until the verdict, and why. */
  held: z.strictObject({ what: z.enum(["nothing", "header", "parts", "all"]), why: z.array(shortText).max(10) }),
  /** The steps that ran, in order, as docs/order-of-operations.md names them. */
  steps: z.array(z.strictObject({ step: z.string(), ms: z.number().nonnegative() })).max(50),
  /** Of the message as a whole. */
  traits: z.array(z.string()).max(50),
  senderAuth: senderAuthResultSchema.nullable(),
  scans: z
    .array(
      z.strictObject({
        scanner: z.string(),
        /** null: the whole message. */
        part: z.number().int().positive().nullable(),
        result: z.enum(["clean", "found", "scored", "failed"]),
        /** Names, score and action, or why it failed. */
        detail: shortText,
        cached: z.boolean(),
        ms: z.number().nonnegative(),
      }),
    )
    .max(scansReportedMax),
  /** Dictionaries that reached their threshold; the samples are masked. */
  dictionaries: z
    .array(
      z.strictObject({
        dictionary: z.string(),
        score: z.number(),
        place: z.string(),
        samples: z.array(shortText).max(10),
      }),
    )
    .max(50),
  /** What was changed, in words, with the rule that asked for it (null: a setting). */
  changes: z
    .array(
      z.strictObject({
        what: shortText,
        part: z.number().int().positive().nullable(),
        ruleId: z.string().nullable(),
        ruleName: z.string().nullable(),
      }),
    )
    .max(changesReportedMax),
  /** DKIM signatures that the changes break, and what was done about it; null: none was broken. */
  signatures: z
    .strictObject({
      broken: z.array(z.string()).max(20),
      handled: z.enum(["left", "arc-sealed", "signed"]),
      detail: shortText,
    })
    .nullable(),
  /** Ids of what lies in quarantine, the first ones. */
  quarantined: z.array(z.string()).max(quarantinedReportedMax),
});
export type ContentReport = z.infer<typeof contentReportSchema>;
