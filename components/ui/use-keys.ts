"use client";
import { type RefObject, useEffect, useRef } from "react";

const dialogs = "[role=dialog], [role=alertdialog]";
const typing = "input:not([type=checkbox]), select, textarea, [contenteditable], [role=menu]";

/** What each key does, by `KeyboardEvent.key` in lower case. Who takes the key prevents what the browser does with it. */
export type KeyCommands = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/**
 * Single keys, while nothing is typed into a field. They belong to the dialog on top, or to the page when none is open: those of an
 * element (to which the result is given) rest while another has them. `repeats`: also while a key is held.
 */
export function useKeys<E extends HTMLElement>(commands: KeyCommands, repeats = false): RefObject<E | null> {
  const place = useRef<E>(null);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || (event.repeat && !repeats))
        return;
      if (event.target instanceof Element && event.target.closest(typing) !== null) return;
      const onTop = [...document.querySelectorAll(dialogs)].at(-1) ?? null;
      if (place.current === null || place.current.closest(dialogs) !== onTop) return;
      commands[event.key.toLowerCase()]?.(event);
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  });
  return place;
}
