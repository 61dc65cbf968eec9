import { X509Certificate } from "node:crypto";
import type { LoadedCertificate } from "#worker/tls/certificate-store.ts";
import { TestAuthority } from "./test-authority.ts";

/** A certificate of that name for `<name>.test`, as the worker holds it, and the authority that signed it. */
export function testCertificate(name: string): { certificate: LoadedCertificate; authority: string | Buffer } {
  const authority = new TestAuthority();
  const { cert, key } = authority.issue([`DNS:${name}.test`]);
  authority.remove();
  const leaf = new X509Certificate(cert);
  return { certificate: { name, cert: Buffer.from(cert), key: Buffer.from(key), leaf }, authority: authority.cert };
}
