"use client";
import { type DragEvent, useState } from "react";

/** Where a dragged block would be put: beside this row. */
export type DropPlace = { id: string; side: "above" | "below" };

type RuleDrag = {
  /** The rules that are shown, in order. */
  order: readonly string[];
  /** What goes along when this one is dragged. */
  blockOf: (id: string) => string[];
  /** `before` null: to the end. */
  onMove: (ids: string[], before: string | null) => void;
};

/** Rules are dragged by their number, within their ruleset: for those who use a mouse, beside the keys and the menu. */
export function useRuleDrag({ order, blockOf, onMove }: RuleDrag) {
  const [dragged, setDragged] = useState<string | null>(null);
  const [place, setPlace] = useState<DropPlace | null>(null);
  const end = () => {
    setDragged(null);
    setPlace(null);
  };
  const handlers = {
    onDragStart: (event: DragEvent) => {
      const id = rowOf(event)?.id ?? null;
      if (id === null) return;
      event.dataTransfer.effectAllowed = "move";
      setDragged(id);
    },
    onDragOver: (event: DragEvent) => {
      const row = rowOf(event);
      // What comes from elsewhere is not taken.
      if (dragged === null || row === null) return;
      event.preventDefault();
      const { top, height } = row.element.getBoundingClientRect();
      const side = event.clientY < top + height / 2 ? "above" : "below";
      if (place?.id !== row.id || place.side !== side) setPlace({ id: row.id, side });
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      if (dragged !== null && place !== null) drop(dragged, place);
      end();
    },
    onDragEnd: end,
  };
  function drop(id: string, { id: beside, side }: DropPlace): void {
    const ids = blockOf(id);
    const rest = order.filter((one) => one === beside || !ids.includes(one));
    const at = rest.indexOf(beside) + (side === "above" ? 0 : 1);
    const before = rest.slice(at).find((one) => !ids.includes(one)) ?? null;
    if (!ids.includes(beside)) onMove(ids, before);
  }
  return { place: dragged === null ? null : place, handlers };
}

function rowOf({ target }: DragEvent): { id: string; element: Element } | null {
  const element = target instanceof Element ? target.closest("[data-rule]") : null;
  const id = element?.getAttribute("data-rule");
  return element === null || id === null || id === undefined ? null : { id, element };
}
