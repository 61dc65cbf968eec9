import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { SessionKeeper } from "#components/auth/session-keeper.tsx";
import { AppShell } from "#components/layout/app-shell.tsx";
import { ScopeProvider } from "#components/layout/scope-provider.tsx";
import { readTheme, themeCookie } from "#components/layout/theme.ts";
import { readZone, zoneCookie } from "#components/layout/zone.ts";
import { DraftLint } from "#components/lint/draft-lint.tsx";
import { RolloutBanner } from "#components/revisions/rollout-banner.tsx";
import { TrialBanner } from "#components/revisions/trial-banner.tsx";
import { ManagedDraftProvider } from "#components/ui/managed-draft.tsx";
import { ZoneProvider } from "#components/ui/zone.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { interfaceChoices } from "#lib/interfaces/scope.ts";
import { draftSummary } from "#lib/revisions/draft-summary.ts";
import { policySource, runningRollout, runningTrial } from "#lib/revisions/queries.ts";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const session = await requireSession();
  const [draft, interfaces, trial, rollout, source, store] = await Promise.all([
    draftSummary(),
    interfaceChoices(),
    runningTrial(),
    runningRollout(),
    policySource(),
    cookies(),
  ]);
  const banner = (
    <>
      {rollout && <RolloutBanner rollout={rollout} onTrial={trial !== null} />}
      {trial && <TrialBanner trial={trial} />}
    </>
  );
  return (
    <ZoneProvider zone={readZone(store.get(zoneCookie)?.value)}>
      <ManagedDraftProvider source={source}>
        <ScopeProvider>
          <AppShell
            user={{ id: session.userId, name: session.name, permissions: session.permissions }}
            theme={readTheme(store.get(themeCookie)?.value)}
            draft={draft}
            interfaces={interfaces}
            banner={banner}
          >
            <SessionKeeper />
            <DraftLint draft={draft.state}>{children}</DraftLint>
          </AppShell>
        </ScopeProvider>
      </ManagedDraftProvider>
    </ZoneProvider>
  );
}
