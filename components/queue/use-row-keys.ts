"use client";
import type { RefObject } from "react";
import { useKeys } from "#components/ui/use-keys.ts";

/**
 * Keys for the list in the element that the result is given to. j and k go from row to row, by its checkbox, and from a row the arrows do;
 * x selects the row, o or Enter opens it.
 */
export function useRowKeys(): RefObject<HTMLDivElement | null> {
  const rows = () => [...(list.current?.querySelectorAll("[data-queue-row]") ?? [])];
  const here = ({ target }: KeyboardEvent) =>
    rows().findIndex((row) => target instanceof Element && row.contains(target));

  function go(event: KeyboardEvent, by: 1 | -1): void {
    event.preventDefault();
    const all = rows();
    boxOf(all[Math.min(Math.max(here(event) + by, 0), all.length - 1)])?.focus();
  }

  function act(event: KeyboardEvent, on: (row: Element | undefined) => HTMLElement | null): void {
    const found = on(rows()[here(event)]);
    if (found === null) return;
    event.preventDefault();
    found.click();
  }

  const onBox = ({ target }: KeyboardEvent) => target instanceof HTMLInputElement;
  const list: RefObject<HTMLDivElement | null> = useKeys(
    {
      j: (event) => go(event, 1),
      k: (event) => go(event, -1),
      arrowdown: (event) => here(event) >= 0 && go(event, 1),
      arrowup: (event) => here(event) >= 0 && go(event, -1),
      x: (event) => event.repeat || act(event, boxOf),
      o: (event) => act(event, linkOf),
      enter: (event) => onBox(event) && act(event, linkOf),
    },
    true,
  );
  return list;
}

function boxOf(row: Element | undefined): HTMLInputElement | null {
  return row?.querySelector("input") ?? null;
}

function linkOf(row: Element | undefined): HTMLElement | null {
  return row?.querySelector("a") ?? null;
}
