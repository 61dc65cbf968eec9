import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { MessageView } from "#components/messages/message-view.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import { requireSession } from "#lib/auth/session.ts";
import { exceptionTarget, readMessageStory } from "#lib/messages/queries.ts";

const paramsSchema = z.object({ id: z.string().regex(/^[\w-]{1,64}$/) });

export const metadata: Metadata = { title: "Message" };

export default async function MessagePage({ params }: { params: Promise<{ id: string }> }) {
  const { permissions } = await requireSession();
  const parsed = paramsSchema.safeParse(await params);
  const story = parsed.success ? await readMessageStory(parsed.data.id) : null;
  if (story === null) notFound();
  const { event } = story;
  const target = permissions.includes("edit") ? await exceptionTarget(event) : null;
  const search = { interface: event.interface, new: target, exception: event.id };
  return <MessageView story={story} exceptionHref={target === null ? null : searchHref("/policies", search)} />;
}
