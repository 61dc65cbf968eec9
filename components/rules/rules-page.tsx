"use client";
import { createContext, type ReactNode, type RefObject, useContext, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { useRowKeys } from "#components/ui/use-row-keys.ts";
import type { ProxyActionChoice } from "#lib/proxy-actions/queries.ts";
import { type Density, densityCookie } from "./density.ts";
import { KeysDialog } from "./keys-dialog.tsx";

/** What every table of rules on a page knows. */
type RulesPageContext = {
  /** When the page was made, in milliseconds. */
  madeAt: number;
  /** Where rules can go. */
  places: readonly ProxyActionChoice[];
  /** The rules that a search finds; null: nothing is searched. */
  found: ReadonlySet<string> | null;
};

const Page = createContext<RulesPageContext>({ madeAt: 0, places: [], found: null });

export function useRulesPage(): RulesPageContext {
  return useContext(Page);
}

type RulesPageProps = Omit<RulesPageContext, "found"> & {
  found: readonly string[] | null;
  density: Density;
  /** Stands beside the choice of density. */
  search?: ReactNode;
  children: ReactNode;
};

const pressed = "aria-pressed:border-accent aria-pressed:bg-accent-tint";
const yearSeconds = 31_536_000;

/** The tables of rules inside share a density and the keys. */
export function RulesPage({ density: given, found, search, children, ...page }: RulesPageProps) {
  const [density, setDensity] = useState(given);
  const [helping, setHelping] = useState(false);
  const place: RefObject<HTMLDivElement | null> = useRowKeys({
    "?": () => setHelping(true),
    "/": (event) => {
      const field = place.current?.querySelector<HTMLInputElement>("input[type=search]") ?? null;
      if (field === null) return;
      event.preventDefault();
      field.focus();
    },
  });
  function choose(next: Density) {
    setDensity(next);
    // biome-ignore lint/suspicious/noDocumentCookie: every browser has it, the Cookie Store API not yet.
    document.cookie = `${densityCookie}=${next}; path=/; max-age=${yearSeconds}; samesite=lax`;
  }
  return (
    <Page value={{ ...page, found: found === null ? null : new Set(found) }}>
      <div ref={place} data-density={density} className="group/rules flex min-w-0 flex-col gap-4">
        <div className="flex flex-wrap items-center justify-between gap-2">
          {search}
          <span className="ms-auto flex flex-wrap items-center gap-1 max-sm:hidden">
            <span role="group" aria-label="Height of rules" className="flex gap-1">
              <Button
                size="small"
                className={pressed}
                aria-pressed={density === "compact"}
                onClick={() => choose("compact")}
              >
                Compact
              </Button>
              <Button
                size="small"
                className={pressed}
                aria-pressed={density === "comfortable"}
                onClick={() => choose("comfortable")}
              >
                Comfortable
              </Button>
            </span>
            <Button size="small" variant="quiet" onClick={() => setHelping(true)}>
              Keys (?)
            </Button>
          </span>
        </div>
        {children}
      </div>
      {helping && <KeysDialog onClose={() => setHelping(false)} />}
    </Page>
  );
}
