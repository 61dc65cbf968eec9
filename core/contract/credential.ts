import { z } from "zod";
import { nameSchema } from "./name.ts";

const secretText = z.string().min(1).max(8192);

/** What a POP3 client says to us in its place, where a route's bridge names the credential; absent: none can. */
const clientPassword = secretText.optional();
/** Absent: stays as it is. Empty: taken away. */
const clientPasswordChange = z.string().max(8192).optional();

/** RFC 6749 §3.2: what is sent there must not be read on the way. A token server on the same host needs no TLS. */
export const tokenUrlSchema = z
  .url({ protocol: /^https?$/ })
  .regex(
    /^(?:https:|http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:\/|$))/i,
    "a token URL begins with https://",
  );

/**
 * What a worker logs in to a server with. Routes refer to it by name; the secret is in no policy document, bundle, event or log:
 * the console keeps it sealed and gives it to its workers over the control API, which keep it sealed on their disk.
 */
export const credentialSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("password"),
    name: nameSchema,
    user: z.string().min(1).max(255),
    password: secretText,
    clientPassword,
  }),
  /** XOAUTH2 and OAUTHBEARER with access tokens fetched by the stored refresh token (RFC 6749 §6). */
  z.strictObject({
    kind: z.literal("oauth2"),
    name: nameSchema,
    user: z.string().min(1).max(255),
    tokenUrl: tokenUrlSchema,
    clientId: z.string().min(1).max(500),
    clientSecret: z.string().max(2000).default(""),
    refreshToken: secretText,
    scope: z.string().max(1000).default(""),
    clientPassword,
  }),
]);
export type Credential = z.infer<typeof credentialSchema>;
export const credentialsMax = 200;

/** The same for two users that are one to a bridge: mailbox servers do not tell A from a in names, and people do not either. */
export function userKey(user: string): string {
  return user.normalize("NFC").toLowerCase();
}

const [passwordSchema, oauth2Schema] = credentialSchema.options;

/** A credential as its editor sends it back: a secret that is absent stays as it is. */
export const credentialChangeSchema = z.discriminatedUnion("kind", [
  passwordSchema.extend({ password: secretText.optional(), clientPassword: clientPasswordChange }),
  oauth2Schema.extend({
    clientSecret: oauth2Schema.shape.clientSecret.unwrap().optional(),
    refreshToken: secretText.optional(),
    clientPassword: clientPasswordChange,
  }),
]);
export type CredentialChange = z.infer<typeof credentialChangeSchema>;
