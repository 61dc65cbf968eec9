import { z } from "zod";
import { nameSchema } from "./name.ts";
import { hostSchema } from "./network.ts";

/**
 * A key that signs for a domain of ours (DKIM, RFC 6376 and 8463; ARC, RFC 8617). Like a credential it is in no policy document: the console
 * keeps it sealed and gives it to its workers over the control API, which keep it sealed on their disk.
 */
export const signingKeySchema = z.strictObject({
  name: nameSchema,
  domain: hostSchema,
  selector: z
    .string()
    .min(1)
    .max(63)
    .regex(/^[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?$/, "a selector is one DNS label"),
  algorithm: z.enum(["rsa-2048", "ed25519"]),
  /** PKCS #8, PEM. */
  privateKey: z.string().min(1).max(8192),
  /** active: signs. published: its DNS record stands, it signs not yet or no more (rotation). */
  state: z.enum(["active", "published"]),
});
export type SigningKey = z.infer<typeof signingKeySchema>;
export const signingKeysMax = 200;

/** What a person says of a new key; the rest is made. */
export const newSigningKeySchema = signingKeySchema.omit({ privateKey: true, state: true });
export type NewSigningKey = z.infer<typeof newSigningKeySchema>;
