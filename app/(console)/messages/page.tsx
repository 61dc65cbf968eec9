import type { Metadata } from "next";
import { GoneInterface } from "#components/layout/gone-interface.tsx";
import { MessagesView } from "#components/messages/messages-view.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { scopedSearch } from "#lib/interfaces/scope.ts";
import { searchMessages } from "#lib/messages/queries.ts";
import { messageSearchSchema } from "#lib/messages/search.ts";

export const metadata: Metadata = { title: "Messages" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function MessagesPage({ searchParams }: PageProps) {
  await requireSession();
  const { scope, search } = await scopedSearch(messageSearchSchema.parse(await searchParams));
  const page = await searchMessages(search, new Date());
  return (
    <>
      <GoneInterface scope={scope} path="/messages" />
      <MessagesView search={search} scope={scope?.name ?? null} page={page} />
    </>
  );
}
