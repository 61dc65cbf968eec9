import { z } from "zod";

/** The policy over HTTP, for programs with a token: see docs/api.md. */
export const policyApiPaths = {
  policy: "/api/v1/policy",
  diff: "/api/v1/policy/diff",
  test: "/api/v1/policy/test",
  apply: "/api/v1/policy/apply",
} as const;

/** Of a request: a document of the longest length, as JSON text. */
export const policyRequestBytesMax = 20 * 1024 * 1024;

/** Which document: the draft, what is live, or a revision by its number. */
export const policyChoiceSchema = z.union([
  z.enum(["draft", "live"]),
  z
    .string()
    .regex(/^r?[1-9]\d{0,8}$/)
    .transform((text) => Number(text.replace("r", ""))),
]);
export type PolicyChoice = z.output<typeof policyChoiceSchema>;

/** A change in words: `diffDocuments` of core/policy. */
const changeSchema = z.object({
  kind: z.enum(["added", "removed", "renamed", "changed", "moved"]),
  words: z.string(),
  details: z.array(z.string()),
});
export type ApiChange = z.infer<typeof changeSchema>;

/** Only these parts of a document: `lists`, `lists:partners`, `rules:Mail in/sender`; none: all of it. */
export const partsSchema = z.array(z.string().min(1).max(200)).max(1000).default([]);

export const diffRequestSchema = z.strictObject({ yaml: z.string(), only: partsSchema });
export const diffAnswerSchema = z.object({ changes: z.array(changeSchema) });

export const testRequestSchema = diffRequestSchema;
export const testAnswerSchema = z.object({
  /** `failure` null: it passed. */
  tests: z.array(z.object({ name: z.string(), failure: z.string().nullable() })),
});

export const publishOrderSchema = z.strictObject({
  comment: z.string().trim().max(500),
  /** On trial: it goes back after so long, unless somebody keeps it. */
  trialMinutes: z.int().min(1).max(120).nullable().default(null),
  /** The ids of those that get it first, until a person gives it to all; null: all at once. */
  firstWorkers: z.array(z.string().min(1).max(64)).min(1).max(1000).nullable().default(null),
});
/** The draft, or `only` these parts of it, become `yaml`; with `publish`, it becomes the next revision as well, both or neither. */
export const applyRequestSchema = z.strictObject({
  yaml: z.string(),
  only: partsSchema,
  publish: publishOrderSchema.nullable().default(null),
});
export type ApplyRequest = z.input<typeof applyRequestSchema>;

export const applyAnswerSchema = z.object({
  /** What it changed in the draft. */
  changes: z.array(changeSchema),
  /** Null: nothing was to be published. */
  published: z
    .object({
      number: z.number(),
      workers: z.array(z.object({ workerId: z.string(), applied: z.boolean(), error: z.string().nullable() })),
    })
    .nullable(),
});
export type ApplyAnswer = z.infer<typeof applyAnswerSchema>;

export const apiErrorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
