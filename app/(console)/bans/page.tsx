import type { Metadata } from "next";
import { BansView } from "#components/bans/bans-view.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { listBans } from "#lib/bans/queries.ts";

export const metadata: Metadata = { title: "Blocked sources" };

export default async function BansPage() {
  await requireSession();
  return <BansView list={await listBans(new Date())} />;
}
