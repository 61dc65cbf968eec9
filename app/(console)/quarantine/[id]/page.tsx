import { notFound, redirect } from "next/navigation";
import { z } from "zod";
import { requireSession } from "#lib/auth/session.ts";

const paramsSchema = z.object({ id: z.string().regex(/^[\w-]{1,64}$/) });

/** The address that notices tell: the entry, open on the quarantine's page. */
export default async function QuarantineEntryPage({ params }: { params: Promise<{ id: string }> }) {
  await requireSession();
  const parsed = paramsSchema.safeParse(await params);
  if (!parsed.success) notFound();
  redirect(`/quarantine?entry=${parsed.data.id}`);
}
