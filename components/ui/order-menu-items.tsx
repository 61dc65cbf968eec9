"use client";
import type { OrderTarget } from "#lib/revisions/draft-order.ts";
import { MenuItem } from "./menu.tsx";

type OrderMenuItemsProps = {
  /** From 1. */
  position: number;
  of: number;
  onMove: (to: Exclude<OrderTarget, object>) => void;
  onMoveTo: () => void;
  /** Move to… leads to other orders too: it makes sense for one that stands alone. */
  elsewhere?: boolean;
};

/** The menu's commands for everything that has a place, without dragging. */
export function OrderMenuItems({ position, of, onMove, onMoveTo, elsewhere = false }: OrderMenuItemsProps) {
  const first = position === 1;
  const last = position === of;
  return (
    <>
      <MenuItem disabled={first} onSelect={() => onMove("up")}>
        Move up (Alt+↑)
      </MenuItem>
      <MenuItem disabled={last} onSelect={() => onMove("down")}>
        Move down (Alt+↓)
      </MenuItem>
      <MenuItem disabled={first} onSelect={() => onMove("top")}>
        Move to top
      </MenuItem>
      <MenuItem disabled={last} onSelect={() => onMove("bottom")}>
        Move to bottom
      </MenuItem>
      <MenuItem disabled={of < 2 && !elsewhere} onSelect={onMoveTo}>
        Move to…
      </MenuItem>
    </>
  );
}

/** Alt with an arrow moves what has the focus; null for any other key. */
export function orderKey(event: { altKey: boolean; key: string }): "up" | "down" | null {
  if (!event.altKey) return null;
  return event.key === "ArrowUp" ? "up" : event.key === "ArrowDown" ? "down" : null;
}
