import type { Metadata } from "next";
import { Suspense } from "react";
import { ConnectionsView } from "#components/connections/connections-view.tsx";
import { RunningConnections } from "#components/connections/running-connections.tsx";
import { GoneInterface } from "#components/layout/gone-interface.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { runningSessions, searchConnections } from "#lib/connections/queries.ts";
import { connectionSearchSchema } from "#lib/connections/search.ts";
import { type InterfaceScope, scopedSearch } from "#lib/interfaces/scope.ts";

export const metadata: Metadata = { title: "Connections" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ConnectionsPage({ searchParams }: PageProps) {
  await requireSession();
  const { scope, search } = await scopedSearch(connectionSearchSchema.parse(await searchParams));
  const page = await searchConnections(search, new Date());
  const running = (
    // A worker that does not answer must not hold up the rest.
    <Suspense fallback={<Skeleton label="Asking the workers" />}>
      <Running scope={scope} />
    </Suspense>
  );
  return (
    <>
      <GoneInterface scope={scope} path="/connections" />
      <ConnectionsView search={search} scope={scope?.name ?? null} page={page} running={running} />
    </>
  );
}

async function Running({ scope }: { scope: InterfaceScope | null }) {
  return <RunningConnections running={await runningSessions(scope)} scope={scope?.name ?? null} />;
}
