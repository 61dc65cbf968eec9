"use client";
import { createContext, type ReactNode, useContext } from "react";
import { lackingWords } from "#core/contract/permission.ts";
import { useMay } from "./signed-in.tsx";

/** Where the policy is kept when nobody edits the draft here. */
export type ManagedDraft = { repository: string; path: string };

const ManagedContext = createContext<ManagedDraft | null>(null);

/** Tells the editors below where the policy is kept, if it is not here. Stands once, in the console's layout. */
export function ManagedDraftProvider({ source, children }: { source: ManagedDraft | null; children: ReactNode }) {
  return <ManagedContext value={source}>{children}</ManagedContext>;
}

/** Why the person does not change the draft here, in a sentence: it is only shown; null: they do. */
export function useDraftClosed(): string | null {
  const source = useContext(ManagedContext);
  const may = useMay("edit");
  if (source !== null) return `The policy is kept in ${source.repository}, ${source.path}: change it there.`;
  return may ? null : lackingWords("edit", "Changing the draft");
}
