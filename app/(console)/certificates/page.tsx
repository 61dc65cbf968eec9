import type { Metadata } from "next";
import { CertificatesView } from "#components/certificates/certificates-view.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { readCertificates } from "#lib/certificates/queries.ts";

export const metadata: Metadata = { title: "Certificates" };

export default async function CertificatesPage() {
  await requireSession();
  return <CertificatesView {...(await readCertificates(new Date()))} />;
}
