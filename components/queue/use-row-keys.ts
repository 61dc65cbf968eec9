"use client";
import { useEffect, useRef } from "react";

const typing = "input:not([type=checkbox]), select, textarea, [contenteditable], [role=dialog], [role=menu]";

/** j and k go from row to row of the list in the element that the result is given to, x selects the row, o opens it. */
export function useRowKeys() {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      const isMeant = !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented;
      if (!isMeant || list.current === null || target?.closest(typing)) return;
      const rows = [...list.current.querySelectorAll("[data-queue-row]")];
      const at = rows.findIndex((row) => row.contains(target));
      const row = rows[at];
      if (event.key === "j") boxOf(rows[Math.min(at + 1, rows.length - 1)])?.focus();
      else if (event.key === "k") boxOf(rows[Math.max(at - 1, 0)])?.focus();
      else if (event.key === "x") boxOf(row)?.click();
      else if (event.key === "o") row?.querySelector("a")?.click();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
  return list;
}

function boxOf(row: Element | undefined): HTMLInputElement | null {
  return row?.querySelector("input") ?? null;
}
