"use client";
import { useState } from "react";
import { Button, buttonClass } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { deletionWords } from "#components/ui/deletion-words.ts";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { FormNotices } from "#components/ui/form-notices.tsx";
import { linesOf } from "#components/ui/lines.ts";
import type { ReadForm } from "#components/ui/read-form.ts";
import { useDraftForm } from "#components/ui/use-draft-form.ts";
import type { Meanwhile } from "#components/ui/use-opened.ts";
import { type List, listSchema } from "#core/contract/policy-document.ts";
import { addListAction, deleteListAction, editListAction } from "#lib/lists/actions.ts";
import type { FeedState } from "#lib/lists/queries.ts";
import { EntriesImport } from "./entries-import.tsx";
import { FeedNotice } from "./feed-notice.tsx";
import { type ListDraft, ListFields } from "./list-fields.tsx";

export type ListTarget =
  | { kind: "new" }
  | { kind: "edit"; listId: string; version: number; uses: number; feed: FeedState | null };

const closeHref = "/lists";

type ListEditorProps = { target: ListTarget; initial: List; meanwhile?: Meanwhile };

/** Name, kind and entries of one list, into the draft. What was typed survives every refusal. */
export function ListEditor({ target, initial, meanwhile = null }: ListEditorProps) {
  const used = target.kind === "edit" && target.uses > 0;
  const [start] = useState(() => listDraftOf(initial));
  const form = useDraftForm({
    closeHref,
    object: target.kind === "new" ? "new list" : `list ${target.listId}`,
    opened: target.kind === "new" ? null : { version: target.version, value: initial },
    initial: start,
    schema: listSchema,
    draftOf: listDraftOf,
    read: readListDraft,
  });
  const { draft, set } = form;
  const [deleting, setDeleting] = useState(false);

  function addEntries(more: readonly string[]): number {
    const had = linesOf(draft.text);
    const all = new Set([...had, ...more]);
    set({ text: [...all].join("\n") });
    return had.length + more.length - all.size;
  }

  const save = () =>
    form.save({
      ask: (list, version) =>
        target.kind === "new" || version === null
          ? addListAction(list)
          : editListAction({ listId: target.listId, version, list }),
      done: ({ name }) => `List “${name}” saved to the draft.`,
    });

  async function remove() {
    if (target.kind === "new") return;
    const asked = deleteListAction({ listId: target.listId, version: target.version });
    await form.send(asked, `List “${initial.name}” deleted from the draft.`);
  }

  return (
    <DraftDrawer
      title={target.kind === "new" ? "Add list" : `List ${initial.name}`}
      refusal={form.refusal}
      disabled={form.busy}
      onClose={form.close}
      onDiscard={form.discard}
      onSave={save}
      command={
        target.kind === "edit" && (
          <Button
            variant="danger"
            disabled={form.busy || used}
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
          {deletionWords} A list of more than a million characters cannot be brought back so.
        </ConfirmDialog>
      }
    >
      <FormNotices form={form} what="list" schema={listSchema} meanwhile={meanwhile} />
      {target.kind === "edit" && target.feed !== null && <FeedNotice listName={initial.name} feed={target.feed} />}
      <ListFields
        draft={draft}
        used={used}
        problem={form.tried && !form.read.ok ? form.read.problems["name"] : undefined}
        onChange={set}
      />
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

function listDraftOf({ name, kind, entries, feed }: List): ListDraft {
  const everyMinutes = String(feed?.everyMinutes ?? 60);
  return { name, kind, text: entries.join("\n"), feedUrl: feed?.url ?? "", everyMinutes };
}

/** Only the name is looked at here: what is wrong with an entry is told by its line when the draft is checked. */
function readListDraft({ name, kind, text, feedUrl, everyMinutes }: ListDraft): ReadForm<List> {
  if (name.trim() === "") return { ok: false, problems: { name: "Give the list a name." } };
  const url = feedUrl.trim();
  const feed = url === "" ? {} : { feed: { url, everyMinutes: Number(everyMinutes) } };
  return { ok: true, value: { name: name.trim(), kind, ...feed, entries: linesOf(text) } };
}
