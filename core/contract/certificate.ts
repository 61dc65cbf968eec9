import { z } from "zod";

/** How many certificates a worker may have. */
export const certificatesMax = 100;
export const certificateNamesMax = 25;

/** A certificate of a worker as it reports it; the key and the files stay there. */
export const certificateStatusSchema = z.strictObject({
  /** As worker.yaml and the listeners call it. */
  name: z.string(),
  /** The one in use; null while none could be read. */
  inUse: z
    .strictObject({
      subject: z.string(),
      issuer: z.string(),
      /** Subject alternative names, `DNS:mx.example.org`; past `certificateNamesMax` they are left out. */
      names: z.array(z.string()).max(certificateNamesMax),
      validFrom: z.iso.datetime(),
      validTo: z.iso.datetime(),
      /** SHA-256, 64 lower-case hex digits. */
      fingerprint: z.string(),
      /** When it was read from its files. */
      loadedAt: z.iso.datetime(),
    })
    .nullable(),
  /** Why its files cannot be used as they are now; null when they can. */
  problem: z.string().nullable(),
});
export type CertificateStatus = z.infer<typeof certificateStatusSchema>;
