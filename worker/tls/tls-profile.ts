/** What a TLS endpoint agrees to. Renegotiation is refused where this is used. */
export type TlsProfile = { minVersion: "TLSv1.2" | "TLSv1.3"; ciphers: string | null };

/** Mozilla's guidelines, version 5: the TLS 1.2 suites of "intermediate"; those of TLS 1.3 are all taken. */
const intermediateCiphers = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
  "DHE-RSA-AES128-GCM-SHA256",
  "DHE-RSA-AES256-GCM-SHA384",
  "DHE-RSA-CHACHA20-POLY1305",
];

export const tlsProfiles = {
  intermediate: { minVersion: "TLSv1.2", ciphers: intermediateCiphers.join(":") },
  modern: { minVersion: "TLSv1.3", ciphers: null },
} as const satisfies Record<string, TlsProfile>;
