import type { Metadata } from "next";
import { OverviewView } from "#components/overview/overview-view.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { readOverview } from "#lib/overview/overview.ts";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  await requireSession();
  return <OverviewView overview={await readOverview(new Date())} />;
}
