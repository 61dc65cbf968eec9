import type { Metadata } from "next";
import { DocumentImport } from "#components/policies/document-import.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { policyAsYaml } from "#lib/revisions/queries.ts";

export const metadata: Metadata = { title: "Policy document" };

export default async function DocumentPage() {
  await requireSession();
  const { yaml, digest } = await policyAsYaml("draft");
  return (
    <>
      <PageHeader
        title="Policy document"
        actions={
          <>
            <LinkButton href="/policies">Policies</LinkButton>
            <LinkButton href="/policies/document/download" prefetch={false} download="policy.yaml">
              Download the draft
            </LinkButton>
          </>
        }
      >
        The whole draft as YAML. A worker runs the same document alone, and importing it again changes nothing.
      </PageHeader>
      <DocumentImport initial={yaml} draftDigest={digest} />
    </>
  );
}
