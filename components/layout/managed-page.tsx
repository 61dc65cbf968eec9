"use client";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { useDraftClosed } from "#components/ui/managed-draft.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { OpenElsewhereProvider } from "#components/ui/open-elsewhere.tsx";
import { withoutAdding } from "#components/ui/without-adding.ts";
import { isCurrent } from "./navigation.ts";

/** Whose controls all change the draft. */
const draftPages = ["/policies", "/lists", "/proxy-actions", "/inspection", "/interfaces", "/routes"];
/** Of these only the commands do, which are off by themselves: the rest is there to search and to look through. */
const exceptions = /^\/policies(\/document)?$|^\/lists$|^\/proxy-actions\/[^/]+$/;

/** A page of the draft: for who does not change it here it says why, and its controls are off. */
export function ManagedPage({ children }: { children: ReactNode }) {
  const path = usePathname();
  const closed = useDraftClosed();
  const ofDraft = draftPages.some((href) => isCurrent(href, path));
  if (!ofDraft) return children;
  if (closed === null) return <OpenElsewhereProvider>{children}</OpenElsewhereProvider>;
  return (
    <>
      <div className="mb-4">
        <Notice kind="info">{closed} Here it is only shown.</Notice>
      </div>
      <fieldset disabled={!exceptions.test(path)} className={classNames("contents", withoutAdding)}>
        {children}
      </fieldset>
    </>
  );
}
