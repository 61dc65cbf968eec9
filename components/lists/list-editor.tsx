"use client";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button, buttonClass } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { linesOf } from "#components/ui/lines.ts";
import { useToast } from "#components/ui/toast.tsx";
import type { List } from "#core/contract/policy-document.ts";
import { addListAction, deleteListAction, editListAction } from "#lib/lists/actions.ts";
import type { FeedState } from "#lib/lists/queries.ts";
import { EntriesImport } from "./entries-import.tsx";
import { FeedNotice } from "./feed-notice.tsx";
import { type ListDraft, ListFields } from "./list-fields.tsx";

export type ListTarget =
  | { kind: "new" }
  | { kind: "edit"; listId: string; version: number; uses: number; feed: FeedState | null };

const closeHref = "/policies/lists";

/** Name, kind and entries of one list, into the draft. */
export function ListEditor({ target, initial }: { target: ListTarget; initial: List }) {
  const router = useRouter();
  const toast = useToast();
  const used = target.kind === "edit" && target.uses > 0;
  const [draft, setDraft] = useState<ListDraft>({
    name: initial.name,
    kind: initial.kind,
    text: initial.entries.join("\n"),
    feedUrl: initial.feed?.url ?? "",
    everyMinutes: String(initial.feed?.everyMinutes ?? 60),
  });
  const [refusal, setRefusal] = useState<string | null>(null);
  const [deleting, setDeleting] = useState(false);
  const [busy, startTransition] = useTransition();
  const close = () => router.push(closeHref, { scroll: false });

  function addEntries(more: readonly string[]): number {
    const had = linesOf(draft.text);
    const all = new Set([...had, ...more]);
    setDraft({ ...draft, text: [...all].join("\n") });
    return had.length + more.length - all.size;
  }

  async function save() {
    const list = listFrom(draft);
    const result =
      target.kind === "new"
        ? await answered(addListAction(list))
        : await answered(editListAction({ listId: target.listId, version: target.version, list }));
    if (!result.ok) {
      setRefusal(result.error.fields?.name && list.name === "" ? "Give the list a name." : result.error.message);
      return;
    }
    toast("done", `List “${list.name}” saved to the draft.`, result.undo);
    close();
  }

  async function remove() {
    if (target.kind === "new") return;
    const result = await answered(deleteListAction({ listId: target.listId, version: target.version }));
    if (!result.ok) {
      setRefusal(result.error.message);
      return;
    }
    toast("done", `List “${initial.name}” deleted from the draft.`, result.undo);
    close();
  }

  return (
    <DraftDrawer
      title={target.kind === "new" ? "Add list" : `List ${initial.name}`}
      refusal={refusal}
      disabled={busy}
      onClose={close}
      onSave={() => {
        setRefusal(null);
        startTransition(save);
      }}
      command={
        target.kind === "edit" && (
          <Button
            variant="danger"
            disabled={busy || used}
            onClick={() => setDeleting(true)}
            title={target.uses > 0 ? "It is used" : undefined}
          >
            Delete list
          </Button>
        )
      }
      dialogs={
        <ConfirmDialog
          open={deleting}
          onOpenChange={setDeleting}
          title={`Delete list “${initial.name}”`}
          confirmLabel="Delete from the draft"
          danger
          onConfirm={remove}
        >
          It stays in force until the draft is published.
        </ConfirmDialog>
      }
    >
      <ListFields draft={draft} used={used} onChange={(change) => setDraft({ ...draft, ...change })} />
      {target.kind === "edit" && target.feed !== null && <FeedNotice listName={initial.name} feed={target.feed} />}
      {draft.feedUrl.trim() === "" && <EntriesImport onRead={addEntries} />}
      {target.kind === "edit" && (
        <a
          href={`/api/lists/export?list=${target.listId}`}
          download
          className={classNames(buttonClass({}), "self-start")}
        >
          Export as CSV, as it is in the draft
        </a>
      )}
    </DraftDrawer>
  );
}

function listFrom({ name, kind, text, feedUrl, everyMinutes }: ListDraft): List {
  const url = feedUrl.trim();
  const feed = url === "" ? {} : { feed: { url, everyMinutes: Number(everyMinutes) } };
  return { name: name.trim(), kind, ...feed, entries: linesOf(text) };
}
