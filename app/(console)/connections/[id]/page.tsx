import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { ConnectionView } from "#components/connections/connection-view.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { readConnectionStory } from "#lib/connections/queries.ts";

const paramsSchema = z.object({ id: z.string().regex(/^[\w-]{1,64}$/) });

export const metadata: Metadata = { title: "Connection" };

export default async function ConnectionPage({ params }: { params: Promise<{ id: string }> }) {
  await requireSession();
  const parsed = paramsSchema.safeParse(await params);
  const story = parsed.success ? await readConnectionStory(parsed.data.id) : null;
  if (story === null) notFound();
  return <ConnectionView story={story} />;
}
