import type { Metadata } from "next";
import { DocumentImport } from "#components/policies/document-import.tsx";
import { PartForm } from "#components/policies/part-form.tsx";
import { PolicySourceForm } from "#components/policies/policy-source-form.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { draftParts, policyAsYaml, policySource } from "#lib/revisions/queries.ts";
import { partsSearchSchema } from "./parts-search.ts";

export const metadata: Metadata = { title: "Policy document" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function DocumentPage({ searchParams }: PageProps) {
  await requireSession();
  const only = partsSearchSchema.parse((await searchParams)["only"]);
  const [{ yaml, digest }, sections, source] = await Promise.all([
    policyAsYaml("draft", only),
    draftParts(),
    policySource(),
  ]);
  const search = new URLSearchParams(only.map((part) => ["only", part]));
  return (
    <>
      <PageHeader
        title="Policy document"
        actions={
          <>
            <LinkButton href="/policies">Rules</LinkButton>
            <LinkButton
              href={`/policies/document/download?${search.toString()}`}
              prefetch={false}
              download="policy.yaml"
            >
              {only.length === 0 ? "Download the draft" : "Download these parts"}
            </LinkButton>
          </>
        }
      >
        The draft as YAML. A worker runs the same document alone, and importing it again changes nothing.
      </PageHeader>
      <PartForm sections={sections} only={only} />
      <div className="flex flex-col gap-6">
        <DocumentImport key={only.join("\n")} initial={yaml} draftDigest={digest} only={only} />
        <PolicySourceForm key={source?.setAt ?? "console"} source={source} />
      </div>
    </>
  );
}
