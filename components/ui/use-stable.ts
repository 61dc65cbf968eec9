"use client";
import { useCallback, useLayoutEffect, useRef } from "react";

/** A function that stays the same while what it does is that of the last drawing: for rows that are not drawn again without need. Not for use while drawing. */
export function useStable<Args extends unknown[]>(run: (...args: Args) => void): (...args: Args) => void {
  const latest = useRef(run);
  useLayoutEffect(() => {
    latest.current = run;
  });
  return useCallback((...args) => latest.current(...args), []);
}
