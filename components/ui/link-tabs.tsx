import Link from "next/link";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

export type LinkTab = { href: string; label: ReactNode; current: boolean; count?: number };

/** Tabs that are links: each has its own address. */
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
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
