"use client";
import { Ellipsis } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { Dialog } from "#components/ui/dialog.tsx";
import { NavList } from "./nav-list.tsx";
import { isCurrent, navigation, phonePages } from "./navigation.ts";
import { useScopedHref } from "./scope-provider.tsx";

const placeClass = "flex h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-sm -outline-offset-2";
const first = phonePages.flatMap((href) =>
  navigation.flatMap(({ items }) => items.filter((item) => item.href === href)),
);

/** The navigation of narrow screens: the pages of an emergency under the thumb, and a dialog with the others. */
export function BottomBar() {
  const path = usePathname();
  const scoped = useScopedHref();
  const [open, setOpen] = useState(false);
  const elsewhere = !first.some(({ href }) => isCurrent(href, path));
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 flex border-line border-t bg-surface px-[env(safe-area-inset-left)] pb-[env(safe-area-inset-bottom)] md:hidden print:hidden"
    >
      {first.map(({ href, label, icon: Icon }) => {
        const current = isCurrent(href, path);
        return (
          <Link
            key={href}
            href={scoped(href)}
            aria-current={current ? "page" : undefined}
            className={classNames(placeClass, current ? "font-medium text-accent" : "text-muted")}
          >
            <Icon aria-hidden size={20} />
            {label}
          </Link>
        );
      })}
      <button
        type="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-current={elsewhere ? "true" : undefined}
        className={classNames(placeClass, elsewhere ? "font-medium text-accent" : "text-muted")}
        onClick={() => setOpen(true)}
      >
        <Ellipsis aria-hidden size={20} />
        More
      </button>
      <Dialog open={open} onOpenChange={setOpen} title="More pages">
        <NavList without={phonePages} onNavigate={() => setOpen(false)} />
      </Dialog>
    </nav>
  );
}
