import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { SessionKeeper } from "#components/auth/session-keeper.tsx";
import { AppShell } from "#components/layout/app-shell.tsx";
import { readTheme, themeCookie } from "#components/layout/theme.ts";
import { TrialBanner } from "#components/revisions/trial-banner.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { draftSummary, runningTrial } from "#lib/revisions/queries.ts";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const session = await requireSession();
  const [draft, trial, store] = await Promise.all([draftSummary(), runningTrial(), cookies()]);
  const banner = trial === null ? null : <TrialBanner trial={trial} />;
  return (
    <AppShell userName={session.name} theme={readTheme(store.get(themeCookie)?.value)} draft={draft} banner={banner}>
      <SessionKeeper />
      {children}
    </AppShell>
  );
}
