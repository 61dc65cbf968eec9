"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { classNames } from "#components/ui/class-names.ts";
import { isCurrent, navigation } from "./navigation.ts";
import { useScopedHref } from "./scope-provider.tsx";

type NavListProps = {
  /** Pages that stand elsewhere. */
  without?: readonly string[];
  onNavigate?: () => void;
};

/** The groups of the navigation, the current page marked. */
export function NavList({ without = [], onNavigate }: NavListProps) {
  const path = usePathname();
  const scoped = useScopedHref();
  const groups = navigation.map(({ label, items }) => ({
    label,
    items: items.filter(({ href }) => !without.includes(href)),
  }));
  return (
    <ul className="flex flex-col gap-4">
      {groups.map((group) => (
        <li key={group.label}>
          <p className="px-2 pb-1 text-muted text-sm">{group.label}</p>
          <ul>
            {group.items.map(({ href, label, icon: Icon }) => {
              const current = isCurrent(href, path);
              return (
                <li key={href}>
                  <Link
                    href={scoped(href)}
                    {...(onNavigate && { onClick: onNavigate })}
                    aria-current={current ? "page" : undefined}
                    className={classNames(
                      "flex h-8 items-center gap-2 rounded-md px-2 max-md:h-14",
                      current ? "bg-accent-tint font-medium text-accent" : "hover:bg-sunken",
                    )}
                  >
                    <Icon aria-hidden size={16} />
                    {label}
                  </Link>
                </li>
              );
            })}
          </ul>
        </li>
      ))}
    </ul>
  );
}
