import type { Metadata } from "next";
import { Suspense } from "react";
import { ConnectionsView } from "#components/connections/connections-view.tsx";
import { RunningConnections } from "#components/connections/running-connections.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { runningSessions, searchConnections } from "#lib/connections/queries.ts";
import { connectionSearchSchema } from "#lib/connections/search.ts";
import { interfaceNames } from "#lib/messages/queries.ts";

export const metadata: Metadata = { title: "Connections" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ConnectionsPage({ searchParams }: PageProps) {
  await requireSession();
  const search = connectionSearchSchema.parse(await searchParams);
  const [page, interfaces] = await Promise.all([searchConnections(search, new Date()), interfaceNames()]);
  const running = (
    // A worker that does not answer must not hold up the rest.
    <Suspense fallback={<Skeleton label="Asking the workers" />}>
      <Running />
    </Suspense>
  );
  return <ConnectionsView search={search} page={page} interfaces={interfaces} running={running} />;
}

async function Running() {
  return <RunningConnections running={await runningSessions()} />;
}
