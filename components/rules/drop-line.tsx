"use client";
import { type RefObject, useState } from "react";
import { staysThere } from "./order-targets.ts";
import { useRowDrag } from "./use-row-drag.ts";

type DropLineProps = {
  /** The body of the table. */
  place: RefObject<HTMLElement | null>;
  /** The rules that are shown. */
  order: readonly string[];
  /** What goes along when this one is dragged. */
  blockOf: (id: string) => string[];
  /** `Rule “a”`, `2 rules`. */
  namesOf: (ids: readonly string[]) => string;
  /** `before` null: to the end. */
  onMove: (ids: string[], before: string | null) => void;
};

/** Lets rules be dragged, and shows what is dragged, with a line where it would land. Of all the table this alone is drawn meanwhile. */
export function DropLine({ place, order, blockOf, namesOf, onMove }: DropLineProps) {
  const [dragged, setDragged] = useState<{ words: string; y: number; moves: boolean } | null>(null);
  const movesTo = (block: string[], before: string | null) => !staysThere(order, new Set(block), before);
  useRowDrag(place, {
    onGap: (id, gap) => {
      const block = blockOf(id);
      setDragged(gap && { words: namesOf(block), y: gap.y, moves: movesTo(block, gap.before) });
    },
    onDrop: (id, before) => {
      const block = blockOf(id);
      if (movesTo(block, before)) onMove(block, before);
    },
  });
  if (dragged === null) return null;
  return (
    <div aria-hidden style={{ top: dragged.y }} className="pointer-events-none absolute inset-x-0 z-10">
      {dragged.moves && <div className="-mt-px h-0.5 bg-accent" />}
      <span className="absolute start-20 -top-2 max-w-3/4 truncate rounded-sm bg-accent px-1 text-on-accent text-sm">
        {dragged.words}
      </span>
    </div>
  );
}
