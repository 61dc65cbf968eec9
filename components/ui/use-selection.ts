"use client";
import { useRef, useState } from "react";

/**
 * Which rows of a list are chosen, by key; what leaves the list leaves the selection, and new data does not end it. `choose` with `range`
 * chooses all from the row that was chosen last.
 */
export function useSelection(keys: readonly string[]) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string | null>(null);

  function choose(key: string, select: boolean, range: boolean) {
    const from = range && last.current !== null ? keys.indexOf(last.current) : -1;
    const to = keys.indexOf(key);
    const touched = from < 0 ? [key] : keys.slice(Math.min(from, to), Math.max(from, to) + 1);
    const next = new Set(chosen);
    for (const one of touched)
      if (select) next.add(one);
      else next.delete(one);
    last.current = key;
    setChosen(next);
  }

  return {
    chosen,
    all: keys.length > 0 && keys.every((key) => chosen.has(key)),
    choose,
    chooseAll: (select: boolean) => setChosen(new Set(select ? keys : [])),
    chooseThese: (these: readonly string[], select: boolean) =>
      setChosen(select ? new Set([...chosen, ...these]) : new Set([...chosen].filter((key) => !these.includes(key)))),
  };
}
