"use client";
import { useState } from "react";

export type Meanwhile = "changed" | "deleted" | null;

/**
 * What an editor was opened with: the page behind is refreshed when somebody changes or deletes it meanwhile, and what was typed must survive
 * that. `found` is what the page has now, null when it is gone.
 */
export function useOpened<T extends { version: number }>(found: T | null): { opened: T | null; meanwhile: Meanwhile } {
  const [opened] = useState(found);
  if (opened === null) return { opened, meanwhile: null };
  return { opened, meanwhile: found === null ? "deleted" : found.version === opened.version ? null : "changed" };
}
