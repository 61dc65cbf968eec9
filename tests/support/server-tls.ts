import { X509Certificate } from "node:crypto";
import type { Protocol } from "#core/contract/facts.ts";
import { type ListenTls, listenTlsSchema } from "#core/contract/tls.ts";
import { ServerTls } from "#worker/tls/server-tls.ts";
import type { TestCertificate } from "./test-authority.ts";

/** A listener's TLS with these certificates, the first one by default. */
export function serverTls(
  mode: ListenTls["mode"],
  certificates: Readonly<Record<string, TestCertificate>>,
  profile: ListenTls["profile"] = "intermediate",
  protocol: Protocol = "smtp",
): ServerTls {
  const loaded = new Map(
    Object.entries(certificates).map(([name, { cert, key }]) => [
      name,
      { name, cert: Buffer.from(cert), key: Buffer.from(key), leaf: new X509Certificate(cert) },
    ]),
  );
  const settings = listenTlsSchema.parse({ mode, certificates: [...loaded.keys()], profile });
  return new ServerTls(settings, protocol, (name) => loaded.get(name) ?? null);
}
