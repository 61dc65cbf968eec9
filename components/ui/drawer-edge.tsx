"use client";
import type { KeyboardEvent, PointerEvent } from "react";
import { leastPx, mostPx, setDrawerWidth } from "./use-drawer-width.ts";

const stepPx = 20;
const steps = new Map([
  ["ArrowLeft", stepPx],
  ["ArrowRight", -stepPx],
  ["PageUp", 5 * stepPx],
  ["PageDown", -5 * stepPx],
]);

/** The edge by which a drawer is made wider: with the pointer, or by keys as a window splitter has them (WAI-ARIA APG). */
export function DrawerEdge({ width }: { width: number }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: an hr cannot be moved.
    <div
      role="separator"
      aria-label="Width of the drawer"
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={leastPx}
      aria-valuemax={Math.max(width, mostPx())}
      aria-valuetext={`${width} pixels`}
      tabIndex={0}
      className="absolute inset-y-0 start-0 w-2 cursor-col-resize touch-none hover:bg-accent-tint focus-visible:bg-accent max-md:hidden"
      onKeyDown={(event) => moveByKey(event, width)}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={moveByPointer}
    />
  );
}

function moveByKey(event: KeyboardEvent, width: number): void {
  const step = steps.get(event.key);
  if (step !== undefined) setDrawerWidth(width + step);
  else if (event.key === "Home") setDrawerWidth(leastPx);
  else if (event.key === "End") setDrawerWidth(mostPx());
  else return;
  event.preventDefault();
}

function moveByPointer(event: PointerEvent): void {
  if (event.currentTarget.hasPointerCapture(event.pointerId)) setDrawerWidth(window.innerWidth - event.clientX);
}
