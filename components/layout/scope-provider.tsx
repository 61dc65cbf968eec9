"use client";
import { usePathname, useSearchParams } from "next/navigation";
import { createContext, type ReactNode, useContext, useState } from "react";
import { isScoped, withScope } from "./scoped-pages.ts";

const Scope = createContext<string | null>(null);

/** Carries the interface that the address says from page to page, over pages that show no one interface too. */
export function ScopeProvider({ children }: { children: ReactNode }) {
  const path = usePathname();
  const asked = useSearchParams().get("interface");
  const [carried, carry] = useState<string | null>(null);
  const scope = isScoped(path) ? asked : carried;
  if (scope !== carried) carry(scope);
  return <Scope value={scope}>{children}</Scope>;
}

/** The interface that pages are asked for, as an address has it; null: all of them. */
export function useScope(): string | null {
  return useContext(Scope);
}

/** Makes an address of the navigation lead to the same interface. */
export function useScopedHref(): (href: string) => string {
  const scope = useScope();
  return (href) => withScope(href, scope);
}
