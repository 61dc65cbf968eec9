import type { Metadata } from "next";
import { MessagesView } from "#components/messages/messages-view.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { interfaceNames, searchMessages } from "#lib/messages/queries.ts";
import { messageSearchSchema } from "#lib/messages/search.ts";

export const metadata: Metadata = { title: "Messages" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function MessagesPage({ searchParams }: PageProps) {
  await requireSession();
  const search = messageSearchSchema.parse(await searchParams);
  const [page, interfaces] = await Promise.all([searchMessages(search, new Date()), interfaceNames()]);
  return <MessagesView search={search} page={page} interfaces={interfaces} />;
}
