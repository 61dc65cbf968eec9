"use client";
import { type RefObject, useEffect } from "react";
import { useStable } from "#components/ui/use-stable.ts";
import { RowDrag, type RowDragEvents } from "./row-drag.ts";

/** Lets the rules in the body of a table be dragged by their handles (`data-handle`): with a mouse, or with a finger that rested on one. */
export function useRowDrag(place: RefObject<HTMLElement | null>, events: RowDragEvents): void {
  const onGap = useStable(events.onGap);
  const onDrop = useStable(events.onDrop);
  useEffect(() => {
    const body = place.current;
    if (body === null) return undefined;
    const gone = new AbortController();
    const on = { signal: gone.signal };
    let drag: RowDrag | null = null;
    const begin = (down: PointerEvent) => {
      const handle = handleOf(down);
      const id = handle?.closest("[data-rule]")?.getAttribute("data-rule") ?? null;
      if (handle === null || id === null || down.button !== 0 || drag?.isOver === false) return;
      drag = new RowDrag({ body, handle, id }, down, { onGap, onDrop });
    };
    body.addEventListener("pointerdown", begin, on);
    // The focus stays where it is, and no text is selected.
    body.addEventListener("mousedown", (event) => handleOf(event) !== null && event.preventDefault(), on);
    // Neither scrolls the page nor opens the browser's menu. Here before the finger is, or Safari does not ask.
    body.addEventListener("touchmove", (event) => drag?.isUnderWay && event.preventDefault(), {
      ...on,
      passive: false,
    });
    body.addEventListener("contextmenu", (event) => drag?.isOver === false && event.preventDefault(), on);
    return () => {
      gone.abort();
      drag?.end();
    };
  }, [place, onGap, onDrop]);
}

function handleOf({ target }: Event): Element | null {
  return target instanceof Element ? target.closest("[data-handle]") : null;
}
