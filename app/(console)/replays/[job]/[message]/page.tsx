import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { ReplayedMessageView } from "#components/replay/replayed-message-view.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { replayMessage } from "#lib/replay/replayed-message.ts";

const paramsSchema = z.object({ job: z.uuid(), message: z.string().regex(/^[\w-]{1,64}$/) });

export const metadata: Metadata = { title: "A message of a replay" };

type PageProps = { params: Promise<{ job: string; message: string }> };

export default async function ReplayedMessagePage({ params }: PageProps) {
  await requireSession();
  const parsed = paramsSchema.safeParse(await params);
  const message = parsed.success ? await replayMessage(parsed.data.job, parsed.data.message) : null;
  if (!parsed.success || message === null) notFound();
  if (!("gone" in message)) return <ReplayedMessageView message={message} />;
  return (
    <>
      <PageHeader title="A message of a replay" />
      <EmptyState
        title="It cannot be judged again"
        action={<LinkButton href={`/messages/${encodeURIComponent(parsed.data.message)}`}>Message</LinkButton>}
      >
        {message.gone}
      </EmptyState>
    </>
  );
}
