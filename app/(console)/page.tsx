import type { Metadata } from "next";
import { z } from "zod";
import { GoneInterface } from "#components/layout/gone-interface.tsx";
import { OverviewView } from "#components/overview/overview-view.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { scopedSearch } from "#lib/interfaces/scope.ts";
import { readOverview } from "#lib/overview/overview.ts";
import { searchTextSchema } from "#lib/search.ts";

export const metadata: Metadata = { title: "Overview" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** What the address of the Overview page can ask. */
const overviewSearchSchema = z.object({ interface: searchTextSchema });

export default async function OverviewPage({ searchParams }: PageProps) {
  await requireSession();
  const { scope, search } = await scopedSearch(overviewSearchSchema.parse(await searchParams));
  return (
    <>
      <GoneInterface scope={scope} path="/" />
      <OverviewView
        overview={await readOverview(scope, new Date())}
        address={search.interface}
        scope={scope?.name ?? null}
      />
    </>
  );
}
