"use client";
import { Tooltip } from "radix-ui";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { ListGlance } from "#lib/lists/queries.ts";

const Glances = createContext<ReadonlyMap<string, ListGlance>>(new Map());

const hoverMs = 300;

/** What the lists of the draft hold at a glance, for every ListLink inside. */
export function ListGlances({ lists, children }: { lists: readonly ListGlance[]; children: ReactNode }) {
  const byName = useMemo(() => new Map(lists.map((list) => [list.name, list])), [lists]);
  return (
    <Tooltip.Provider delayDuration={hoverMs}>
      <Glances value={byName}>{children}</Glances>
    </Tooltip.Provider>
  );
}

/** Undefined: the draft has no list of that name. */
export function useListGlance(name: string): ListGlance | undefined {
  return useContext(Glances).get(name);
}
