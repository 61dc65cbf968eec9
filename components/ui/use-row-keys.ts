"use client";
import type { RefObject } from "react";
import { type KeyCommands, useKeys } from "./use-keys.ts";

/**
 * Keys for the rows (`data-row`) in the element that the result is given to. j and k go from row to row, by its checkbox or where that is off by
 * its link, and from a row the arrows do; x selects the row, o or Enter opens it by its first link. `more`: what else the list knows.
 */
export function useRowKeys(more: KeyCommands = {}): RefObject<HTMLDivElement | null> {
  const rows = () => [...(list.current?.querySelectorAll("[data-row]") ?? [])];
  const here = ({ target }: KeyboardEvent) =>
    rows().findIndex((row) => target instanceof Element && row.contains(target));

  function go(event: KeyboardEvent, by: 1 | -1): void {
    event.preventDefault();
    const all = rows();
    const row = all[Math.min(Math.max(here(event) + by, 0), all.length - 1)];
    (boxOf(row) ?? linkOf(row))?.focus();
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
      ...more,
    },
    true,
  );
  return list;
}

function boxOf(row: Element | undefined): HTMLInputElement | null {
  return row?.querySelector<HTMLInputElement>("input[type=checkbox]:enabled") ?? null;
}

function linkOf(row: Element | undefined): HTMLElement | null {
  return row?.querySelector("a") ?? null;
}
