import { DoorOpen } from "lucide-react";
import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { SignedIn } from "#components/ui/signed-in.tsx";
import { ToastProvider } from "#components/ui/toast.tsx";
import { version } from "#core/contract/version.ts";
import type { InterfaceChoice } from "#lib/interfaces/scope.ts";
import type { DraftSummary } from "#lib/revisions/draft-summary.ts";
import { BottomBar } from "./bottom-bar.tsx";
import { DraftBar } from "./draft-bar.tsx";
import { Finder } from "./finder.tsx";
import { LiveRefresh } from "./live-refresh.tsx";
import { ManagedPage } from "./managed-page.tsx";
import { NavList } from "./nav-list.tsx";
import { ScopeChips } from "./scope-chips.tsx";
import type { Theme } from "./theme.ts";
import { UserMenu } from "./user-menu.tsx";
import { ZoneSwitch } from "./zone-switch.tsx";

type AppShellProps = {
  user: ComponentProps<typeof SignedIn>["user"];
  theme: Theme;
  draft: DraftSummary;
  /** In the people's order. */
  interfaces: readonly InterfaceChoice[];
  /** What all administrators should see on every page, or nothing. */
  banner: ReactNode;
  children: ReactNode;
};

/** The frame of every page behind the login. */
export function AppShell({ user, theme, draft, interfaces, banner, children }: AppShellProps) {
  return (
    <SignedIn user={user}>
      <ToastProvider>
        <a
          href="#content"
          className="absolute start-2 top-2 z-50 rounded-md border border-accent bg-surface px-3 py-2 not-focus:sr-only"
        >
          Skip to content
        </a>
        <header className="print:hidden sticky top-0 z-30 flex h-12 items-center gap-3 border-line border-b bg-surface px-3">
          <Link href="/" className="flex items-center gap-2 rounded-sm font-semibold md:w-44">
            <DoorOpen aria-hidden size={18} className="text-accent" />
            <span className="max-[400px]:sr-only">Postern</span>
          </Link>
          <DraftBar draft={draft} userName={user.name} />
          <ScopeChips interfaces={interfaces} />
          <div className="ms-auto flex shrink-0 items-center gap-2">
            <LiveRefresh />
            <ZoneSwitch />
            <Finder />
            <UserMenu name={user.name} theme={theme} />
          </div>
        </header>
        <div className="flex">
          <nav
            aria-label="Main"
            className="print:hidden sticky top-12 flex h-[calc(100vh-3rem)] w-52 shrink-0 flex-col overflow-y-auto border-line border-e p-3 max-md:hidden"
          >
            <NavList />
            <p className="mt-auto px-2 pt-4 text-muted text-sm">Postern {version}</p>
          </nav>
          <main
            id="content"
            tabIndex={-1}
            className="mx-auto min-w-0 max-w-[1600px] flex-1 overflow-x-clip p-4 outline-none max-sm:p-3 max-md:pb-[calc(var(--bottom-bar)+1rem)] print:pb-0"
          >
            <div className="print:hidden">{banner}</div>
            <ManagedPage>{children}</ManagedPage>
          </main>
        </div>
        <BottomBar />
      </ToastProvider>
    </SignedIn>
  );
}
