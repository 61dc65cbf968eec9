import type { Metadata } from "next";
import { GoneInterface } from "#components/layout/gone-interface.tsx";
import { QuarantineView } from "#components/quarantine/quarantine-view.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { scopedSearch } from "#lib/interfaces/scope.ts";
import { readEntry, recentJobs, searchQuarantine } from "#lib/quarantine/queries.ts";
import { quarantineSearchSchema } from "#lib/quarantine/search.ts";

export const metadata: Metadata = { title: "Quarantine" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function QuarantinePage({ searchParams }: PageProps) {
  const { permissions } = await requireSession();
  const { scope, search } = await scopedSearch(quarantineSearchSchema.parse(await searchParams));
  const [page, jobs, opened] = await Promise.all([
    searchQuarantine(search),
    recentJobs(new Date()),
    search.entry === null ? null : readEntry(search.entry),
  ]);
  return (
    <>
      <GoneInterface scope={scope} path="/quarantine" />
      <QuarantineView
        search={search}
        scope={scope?.name ?? null}
        page={page}
        jobs={jobs}
        opened={opened}
        mayReleaseMalware={permissions.includes("release-malware")}
      />
    </>
  );
}
