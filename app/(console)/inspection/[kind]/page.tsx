import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { inspectionHref, inspectionKindOf, inspectionKinds } from "#components/inspection/inspection-kinds.ts";
import { InspectionTable } from "#components/inspection/inspection-table.tsx";
import { NewInspection, OpenInspection } from "#components/inspection/open-inspection.tsx";
import { FindingsOf } from "#components/lint/findings-of.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { LinkTabs } from "#components/ui/link-tabs.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { readInspection, scannerHealth } from "#lib/inspection/queries.ts";
import { drawerSearchSchema } from "../../drawer-search.ts";

type PageProps = {
  params: Promise<{ kind: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const kind = inspectionKindOf((await params).kind);
  return { title: kind === null ? "Not found" : inspectionKinds[kind].title };
}

/** The scanners, dictionaries and notices that messages are looked into with. */
export default async function InspectionPage({ params, searchParams }: PageProps) {
  await requireSession();
  const kind = inspectionKindOf((await params).kind);
  if (kind === null) notFound();
  const search = drawerSearchSchema.parse(await searchParams);
  const now = new Date();
  const [objects, health] = await Promise.all([readInspection(kind), scannerHealth(now)]);
  const { title, singular, what } = inspectionKinds[kind];
  return (
    <>
      <PageHeader
        title={title}
        actions={
          <LinkButton href={`${inspectionHref(kind)}?new=${kind}`} variant="primary" scroll={false}>
            Add {singular}
          </LinkButton>
        }
      >
        {what}
      </PageHeader>
      <div className="mb-4 flex flex-col gap-4">
        <LinkTabs
          label="What messages are looked into with"
          tabs={(["scanner", "dictionary", "notice"] as const).map((one) => ({
            href: inspectionHref(one),
            label: inspectionKinds[one].title,
            current: one === kind,
          }))}
        />
        <FindingsOf kind={kind} />
      </div>
      <InspectionTable kind={kind} objects={objects} health={health} />
      {search.edit !== undefined && (
        <OpenInspection key={search.edit} kind={kind} found={objects.find(({ id }) => id === search.edit) ?? null} />
      )}
      {search.new !== undefined && <NewInspection key={`new ${kind}`} kind={kind} />}
    </>
  );
}
