"use client";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { useManagedDraft } from "#components/ui/managed-draft.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { OpenElsewhereProvider } from "#components/ui/open-elsewhere.tsx";
import { isCurrent } from "./navigation.ts";

/** Whose controls all change the draft. */
const draftPages = ["/policies", "/lists", "/proxy-actions", "/inspection", "/interfaces", "/routes"];
/** Of these only the commands do, which are off by themselves: the rest is there to search and to look through. */
const exceptions = /^\/policies(\/document)?$|^\/lists$|^\/proxy-actions\/[^/]+$/;

/** Links that open an empty editor. */
const withoutAdding = "[&_a[href*='new=']]:hidden [&_a[href*='add=']]:hidden [&_a[href*='preset=']]:hidden";

/** A page of the draft: while the policy is kept in a repository it says so, and its controls are off. */
export function ManagedPage({ children }: { children: ReactNode }) {
  const path = usePathname();
  const source = useManagedDraft();
  const ofDraft = draftPages.some((href) => isCurrent(href, path));
  if (!ofDraft) return children;
  if (source === null) return <OpenElsewhereProvider>{children}</OpenElsewhereProvider>;
  return (
    <>
      <div className="mb-4">
        <Notice kind="info">
          The policy is kept in {source.repository}, {source.path}: change it there. Here it is only shown.
        </Notice>
      </div>
      <fieldset disabled={!exceptions.test(path)} className={classNames("contents", withoutAdding)}>
        {children}
      </fieldset>
    </>
  );
}
