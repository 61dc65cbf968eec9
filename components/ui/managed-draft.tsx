"use client";
import { createContext, type ReactNode, useContext } from "react";

/** Where the policy is kept when nobody edits the draft here. */
export type ManagedDraft = { repository: string; path: string };

const ManagedContext = createContext<ManagedDraft | null>(null);

/** Tells the editors below that they only show. Stands once, in the console's layout. */
export function ManagedDraftProvider({ source, children }: { source: ManagedDraft | null; children: ReactNode }) {
  return <ManagedContext value={source}>{children}</ManagedContext>;
}

/** Where the draft is edited instead; null: here. */
export function useManagedDraft(): ManagedDraft | null {
  return useContext(ManagedContext);
}
