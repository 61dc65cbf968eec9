import { z } from "zod";
import { policyDocumentSchema } from "./policy-document.ts";

export const bundleBytesMax = 32 * 1024 * 1024;

/** What is signed. `digest` is the SHA-256 (hex) of the document's JSON text as the console stored it. */
export const bundlePayloadSchema = z.strictObject({
  format: z.literal(1),
  /** The only worker that may take it. */
  workerId: z.string().min(1).max(64),
  revision: z.number().int().positive(),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  issuedAt: z.iso.datetime(),
  /** After this a push of it is refused; a bundle already taken stays in force. */
  expiresAt: z.iso.datetime(),
  document: policyDocumentSchema,
});
export type BundlePayload = z.infer<typeof bundlePayloadSchema>;

/** The payload as the exact text that was signed, so that no canonical form is needed; Ed25519, base64. */
export const signedBundleSchema = z.strictObject({
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  payload: z.string().max(bundleBytesMax),
  signature: z.base64(),
});
export type SignedBundle = z.infer<typeof signedBundleSchema>;
