import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { SessionKeeper } from "#components/auth/session-keeper.tsx";
import { AppShell } from "#components/layout/app-shell.tsx";
import { readTheme, themeCookie } from "#components/layout/theme.ts";
import { requireSession } from "#lib/auth/session.ts";
import { draftSummary } from "#lib/revisions/queries.ts";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const session = await requireSession();
  const [draft, store] = await Promise.all([draftSummary(), cookies()]);
  return (
    <AppShell userName={session.name} theme={readTheme(store.get(themeCookie)?.value)} draft={draft}>
      <SessionKeeper />
      {children}
    </AppShell>
  );
}
