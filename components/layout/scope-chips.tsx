"use client";
import Link from "next/link";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { classNames } from "#components/ui/class-names.ts";
import { Select } from "#components/ui/select.tsx";
import type { InterfaceChoice } from "#lib/interfaces/scope.ts";
import { useScope } from "./scope-provider.tsx";
import { isScoped, samePageAt } from "./scoped-pages.ts";

/** More are a list to choose from. */
const chipsMax = 5;
const label = "Interface shown";
const notOfOne = "This page is not of one interface.";

type Choice = { name: string; scope: string | null; current: boolean };

/** Of which interface the pages are: a chip for each, or a list where there is little room. The Rules page has tabs for it. */
export function ScopeChips({ interfaces }: { interfaces: readonly InterfaceChoice[] }) {
  const path = usePathname();
  const search = useSearchParams();
  const router = useRouter();
  const scope = useScope();
  if (interfaces.length === 0 || path === "/policies") return null;
  const choices = choicesOf(interfaces, scope);
  const chosen = choices.find(({ current }) => current)?.scope ?? null;
  const active = isScoped(path);
  const hrefOf = (to: string | null) => samePageAt(path, search, to);
  const few = choices.length <= chipsMax + 1;
  return (
    <>
      {few && (
        <nav aria-label={label} className="max-xl:hidden" title={active ? undefined : notOfOne}>
          <ul className="flex gap-1">
            {choices.map((choice) => (
              <li key={choice.name}>
                <Chip choice={choice} href={active ? hrefOf(choice.scope) : null} />
              </li>
            ))}
          </ul>
        </nav>
      )}
      <Select
        aria-label={label}
        title={active ? undefined : notOfOne}
        disabled={!active}
        className={classNames("w-32! max-sm:w-20!", few && "xl:hidden")}
        value={chosen ?? ""}
        onChange={({ target }) => router.push(hrefOf(target.value === "" ? null : target.value), { scroll: false })}
      >
        {choices.map(({ name, scope: value }) => (
          <option key={name} value={value ?? ""}>
            {name}
          </option>
        ))}
      </Select>
    </>
  );
}

/** An address may say an interface by its id, by a name, or say one that is gone. */
function choicesOf(interfaces: readonly InterfaceChoice[], scope: string | null): Choice[] {
  const chosen = interfaces.find(({ id, names }) => id === scope || (scope !== null && names.includes(scope)));
  const known = interfaces.map(({ id, name }) => ({ name, scope: id, current: id === chosen?.id }));
  const gone = { name: "Unknown", scope, current: true };
  const all = { name: "All", scope: null, current: scope === null };
  return [all, ...known, ...(scope !== null && chosen === undefined ? [gone] : [])];
}

const chipClass = "inline-flex h-7 max-w-40 items-center rounded-full border px-2.5";

/** `href` null: it does nothing here. */
function Chip({ choice: { name, current }, href }: { choice: Choice; href: string | null }) {
  const text = <span className="truncate">{name}</span>;
  if (href === null) {
    return (
      <span
        className={classNames(chipClass, "text-muted", current ? "border-control border-dashed" : "border-transparent")}
      >
        {text}
        {current && <span className="sr-only">, chosen on other pages. {notOfOne}</span>}
      </span>
    );
  }
  return (
    <Link
      href={href}
      scroll={false}
      prefetch={false}
      aria-current={current ? "true" : undefined}
      className={classNames(
        chipClass,
        current ? "border-accent bg-accent-tint font-medium text-accent" : "border-line text-muted hover:text-text",
      )}
    >
      {text}
    </Link>
  );
}
