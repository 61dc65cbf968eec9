import { EmptyState } from "#components/ui/empty-state.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import type { Certificates } from "#lib/certificates/queries.ts";
import { AddCertificate } from "./add-certificate.tsx";
import { CertificateTable } from "./certificate-table.tsx";
import { TlsWords } from "./tls-words.tsx";

/** What the workers can prove who they are with. */
export function CertificatesView({ certificates, missing, workers }: Certificates) {
  return (
    <>
      <PageHeader title="Certificates">
        What listeners with TLS show to clients. Certificates and keys stay on the workers: this page only reads.
      </PageHeader>
      <div className="flex flex-col gap-4">
        {missing.map(({ name, workers: without, users }) => (
          <Notice key={name} kind="fault">
            Worker {without.join(", ")} has no certificate “{name}”, which{" "}
            {users.map(({ policy, listener }) => `${policy} names at ${listener}`).join(", ")}. Such a policy is refused
            as a whole when it is published, and the one before stays in force.
          </Notice>
        ))}
        {certificates.length === 0 ? (
          <EmptyState title={workers === 0 ? "No worker is enrolled" : "No certificates yet"}>
            Without one, listeners speak clear text only.{" "}
            {workers > 0 && "Add the lines below to worker.yaml and restart the worker."}
          </EmptyState>
        ) : (
          <CertificateTable certificates={certificates} />
        )}
        <AddCertificate />
        <TlsWords />
      </div>
    </>
  );
}
