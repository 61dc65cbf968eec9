import type { Metadata } from "next";
import { z } from "zod";
import { RevisionTable } from "#components/revisions/revision-table.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { LinkTabs } from "#components/ui/link-tabs.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { listRevisions, revisionFilterSchema, revisionNumberSchema } from "#lib/revisions/queries.ts";

export const metadata: Metadata = { title: "Revisions" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

const searchSchema = z.object({
  below: revisionNumberSchema.nullable().catch(null),
  show: revisionFilterSchema.catch("policy"),
});
const tabs = { policy: "Without fed lists", people: "By people", programs: "By programs", all: "All" };

export default async function RevisionsPage({ searchParams }: PageProps) {
  await requireSession();
  const { below, show } = searchSchema.parse({ below: null, ...(await searchParams) });
  const { revisions, next } = await listRevisions(below, show);
  const here = show === "policy" ? "/revisions?" : `/revisions?show=${show}&`;
  return (
    <>
      <PageHeader
        title="Revisions"
        actions={
          <>
            {revisions.length > 1 && (
              <LinkButton href={`/revisions/compare?from=${revisions[1]?.number}&to=${revisions[0]?.number}`}>
                Compare two
              </LinkButton>
            )}
            <LinkButton href="/changes">Review & publish</LinkButton>
          </>
        }
      >
        Everything that was ever published. A revision never changes; rolling back publishes an old one again.
      </PageHeader>
      <div className="mb-3">
        <LinkTabs
          label="Which revisions"
          tabs={revisionFilterSchema.options.map((filter) => ({
            href: filter === "policy" ? "/revisions" : `/revisions?show=${filter}`,
            label: tabs[filter],
            current: filter === show,
          }))}
        />
      </div>
      <RevisionTable revisions={revisions} filter={show} />
      {revisions.length > 0 && (
        <Pagination
          shown={revisions.length === 1 ? "1 revision" : `${revisions.length} revisions`}
          first={below === null ? null : here.slice(0, -1)}
          next={next === null ? null : `${here}below=${next}`}
        />
      )}
    </>
  );
}
