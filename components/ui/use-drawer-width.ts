"use client";
import { useSyncExternalStore } from "react";

const key = "postern.drawer-width";
const usualPx = 520;
export const leastPx = 360;
/** So much of the page stays in sight beside it. */
const besidePx = 160;

const listeners = new Set<() => void>();
let width: number | null = null;

/** The width of drawers in pixels, one for all; the browser keeps it. */
export function useDrawerWidth(): number {
  return useSyncExternalStore(subscribe, current, () => usualPx);
}

/** Makes drawers so wide, as far as the window lets them. */
export function setDrawerWidth(next: number): void {
  width = Math.round(Math.min(mostPx(), Math.max(leastPx, next)));
  try {
    localStorage.setItem(key, String(width));
  } catch {
    // A browser that keeps nothing begins with the usual width.
  }
  for (const listener of listeners) listener();
}

export function mostPx(): number {
  return Math.max(leastPx, window.innerWidth - besidePx);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function current(): number {
  width ??= readKept();
  return width;
}

function readKept(): number {
  try {
    const kept = Number(localStorage.getItem(key));
    return kept >= leastPx ? kept : usualPx;
  } catch {
    return usualPx;
  }
}
