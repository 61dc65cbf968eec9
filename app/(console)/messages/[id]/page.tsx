import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { MessageView } from "#components/messages/message-view.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { readMessageStory } from "#lib/messages/queries.ts";

export const metadata: Metadata = { title: "Message" };

export default async function MessagePage({ params }: { params: Promise<{ id: string }> }) {
  await requireSession();
  const { id } = await params;
  const story = await readMessageStory(decodeURIComponent(id));
  if (story === null) notFound();
  return <MessageView story={story} />;
}
