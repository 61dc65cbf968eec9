import { z } from "zod";

/** `version` is the one that the page showed. */
export const signingKeyCommandSchema = z.strictObject({ keyId: z.uuid(), version: z.number().int().positive() });
export type SigningKeyCommand = z.infer<typeof signingKeyCommandSchema>;
