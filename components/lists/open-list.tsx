"use client";
import { useOpened } from "#components/ui/use-opened.ts";
import type { ListView } from "#lib/lists/queries.ts";
import { ListEditor } from "./list-editor.tsx";

/** The editor of a list as it was opened; `found` is the list as the page has it now. What was typed survives another's change. */
export function OpenList({ found }: { found: ListView | null }) {
  const { opened, meanwhile } = useOpened(found);
  if (opened === null) return null;
  const { id, version, list, users, feed } = opened;
  return (
    <ListEditor
      target={{ kind: "edit", listId: id, version, uses: users.length, feed }}
      initial={list}
      meanwhile={meanwhile}
    />
  );
}
