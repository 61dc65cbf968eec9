import { OctagonAlert } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

export type LinkTab = { href: string; label: ReactNode; current: boolean; count?: number; harms?: number };

/** Tabs that are links: each has its own address. `harms`: what is found to be wrong behind it. */
export function LinkTabs({ label, tabs }: { label: string; tabs: LinkTab[] }) {
  return (
    <nav aria-label={label} className="border-line border-b">
      <ul className="flex flex-wrap gap-x-1">
        {tabs.map((tab) => (
          <li key={tab.href}>
            <Link
              href={tab.href}
              aria-current={tab.current ? "page" : undefined}
              className={classNames(
                "-mb-px inline-flex h-8 items-center gap-2 rounded-t-md border-b-2 px-3 font-medium",
                tab.current ? "border-accent text-text" : "border-transparent text-muted hover:text-text",
              )}
            >
              {tab.label}
              {tab.count !== undefined && (
                <span className="rounded-full bg-inactive-tint px-2 text-inactive text-sm">{tab.count}</span>
              )}
              {tab.harms !== undefined && tab.harms > 0 && (
                <span className="inline-flex items-center gap-1 rounded-full bg-deny-tint px-2 text-deny text-sm">
                  <OctagonAlert aria-hidden size={12} />
                  {tab.harms}
                  <span className="sr-only">{tab.harms === 1 ? "harm found" : "harms found"}</span>
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
