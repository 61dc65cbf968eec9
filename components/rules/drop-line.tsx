"use client";
import { type RefObject, useState } from "react";
import type { Gap } from "./row-drag.ts";
import type { PlaceInOrder } from "./section-steps.ts";
import { useRowDrag } from "./use-row-drag.ts";

type DropLineProps = {
  /** The body of the table. */
  place: RefObject<HTMLElement | null>;
  /** Where a block would go that is let go there. */
  placeAt: (block: readonly string[], gap: Gap) => PlaceInOrder;
  /** What goes along when this one is dragged. */
  blockOf: (id: string) => string[];
  /** `Rule “a”`, `2 rules`. */
  namesOf: (ids: readonly string[]) => string;
  /** Whether a move would change anything. */
  wouldChange: (ids: string[], to: PlaceInOrder) => boolean;
  onMove: (ids: string[], to: PlaceInOrder) => void;
};

/** Lets rules be dragged, and shows what is dragged, with a line where it would land. Of all the table this alone is drawn meanwhile. */
export function DropLine({ place, placeAt, blockOf, namesOf, wouldChange, onMove }: DropLineProps) {
  const [dragged, setDragged] = useState<{ words: string; y: number; moves: boolean } | null>(null);
  useRowDrag(place, {
    onGap: (id, gap) => {
      const block = blockOf(id);
      setDragged(gap && { words: namesOf(block), y: gap.y, moves: wouldChange(block, placeAt(block, gap)) });
    },
    onDrop: (id, gap) => {
      const block = blockOf(id);
      const to = placeAt(block, gap);
      if (wouldChange(block, to)) onMove(block, to);
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
