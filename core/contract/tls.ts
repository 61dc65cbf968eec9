import { z } from "zod";
import { nameSchema } from "./name.ts";

/** Mozilla's server side TLS guidelines. intermediate: TLS 1.2 and 1.3. modern: TLS 1.3 only. */
const profileSchema = z.enum(["intermediate", "modern"]).default("intermediate");

/**
 * TLS with clients. none: clear text. allowed: STARTTLS is offered. required: nothing is done before STARTTLS (RFC 3207 §4).
 * implicit: TLS from the first byte (RFC 8314 §3). Certificates are named here and live in the worker's configuration.
 */
export const listenTlsSchema = z
  .strictObject({
    mode: z.enum(["none", "allowed", "required", "implicit"]),
    /** The first serves clients that ask for none of them by name (SNI). */
    certificates: z.array(nameSchema).max(16).default([]),
    profile: profileSchema,
  })
  .refine(({ mode, certificates }) => mode === "none" || certificates.length > 0, {
    message: "name at least one of the worker's certificates",
    path: ["certificates"],
  });
export type ListenTls = z.infer<typeof listenTlsSchema>;

/** SHA-256 of the certificate, with or without colons; kept as 64 lower-case hex digits. */
const fingerprintSchema = z
  .string()
  .max(95)
  .transform((text) => text.replaceAll(":", "").toLowerCase())
  .pipe(z.string().regex(/^[0-9a-f]{64}$/, "a fingerprint is the SHA-256 of the certificate: 64 hex digits"));

/**
 * TLS with the route's servers. none: clear text. preferred: STARTTLS where offered, unverified, else clear text (RFC 7435).
 * required: STARTTLS or nothing is sent. implicit: TLS from the first byte. The last two never fall back to clear text.
 */
export const routeTlsSchema = z
  .strictObject({
    mode: z.enum(["none", "preferred", "required", "implicit"]),
    /** For required and implicit. ca: a trusted authority and the name. fingerprint: exactly these certificates. none: any. */
    verify: z.enum(["ca", "fingerprint", "none"]).default("ca"),
    /** The name to ask for and to find in the certificate; absent: the target's host. */
    serverName: z
      .string()
      .max(253)
      .regex(/^[0-9A-Za-z]([0-9A-Za-z.-]*[0-9A-Za-z])?$/, "a server name is a DNS name")
      .optional(),
    fingerprints: z.array(fingerprintSchema).max(16).default([]),
  })
  .refine(({ verify, fingerprints }) => verify !== "fingerprint" || fingerprints.length > 0, {
    message: "verify: fingerprint needs at least one fingerprint",
    path: ["fingerprints"],
  });
export type RouteTls = z.infer<typeof routeTlsSchema>;
