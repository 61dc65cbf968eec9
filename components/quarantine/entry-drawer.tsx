"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Drawer } from "#components/ui/dialog.tsx";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { useDraftClosed } from "#components/ui/managed-draft.tsx";
import { PermissionNote } from "#components/ui/permission-note.tsx";
import { useMay } from "#components/ui/signed-in.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { useKeys } from "#components/ui/use-keys.ts";
import { blockSenderAction } from "#lib/quarantine/actions.ts";
import type { QuarantineRow } from "#lib/quarantine/queries.ts";
import { CauseBadge } from "./cause-words.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { EntryFacts } from "./entry-facts.tsx";
import { EntryPreview } from "./entry-preview.tsx";
import { havingIt, listedWords, releaseEffect, releaseVerb } from "./kept-words.ts";
import { ReleaseDialog } from "./release-dialog.tsx";
import { ResultList } from "./result-list.tsx";
import { useKeptCommands } from "./use-kept-commands.ts";

type EntryDrawerProps = { entry: QuarantineRow; closeHref: string; mayReleaseMalware: boolean };

/** One thing that is kept: facts, a look at it, and what can be done. R releases, D deletes, B blocks the sender; each asks first. */
export function EntryDrawer({ entry, closeHref, mayReleaseMalware }: EntryDrawerProps) {
  const router = useRouter();
  const toast = useToast();
  const [asking, setAsking] = useState<"release" | "delete" | "block" | null>(null);
  const { results, release, remove } = useKeptCommands({ entries: [entry] }, () => undefined);
  const mayHandle = useMay("handle-quarantine");
  const draftClosed = useDraftClosed();
  const close = () => router.push(closeHref, { scroll: false });

  async function block() {
    const answer = await answered(blockSenderAction({ workerId: entry.workerId, id: entry.id }));
    toast(answer.ok ? "done" : "fault", answer.ok ? listedWords(answer.value) : answer.error.message);
  }

  const content = useKeys<HTMLDivElement>({
    r: () => mayHandle && setAsking("release"),
    d: () => mayHandle && setAsking("delete"),
    b: () => draftClosed === null && setAsking("block"),
  });
  const verb = releaseVerb(entry);
  const isFile = entry.kind === "part";
  return (
    <Drawer
      open
      onOpenChange={(open) => open || close()}
      title={
        <span className="flex flex-wrap items-center gap-2">
          <CauseBadge cause={entry.cause} />
          <ForeignText
            text={isFile ? entry.fileName : entry.subject}
            empty={isFile ? "(file without a name)" : "(no subject)"}
          />
        </span>
      }
      footer={
        <>
          <Button disabled={draftClosed !== null} onClick={() => setAsking("block")} aria-keyshortcuts="b">
            Block the sender
          </Button>
          <Button variant="danger" disabled={!mayHandle} onClick={() => setAsking("delete")} aria-keyshortcuts="d">
            Delete
          </Button>
          <Button variant="primary" disabled={!mayHandle} onClick={() => setAsking("release")} aria-keyshortcuts="r">
            {verb}
          </Button>
        </>
      }
    >
      <div ref={content} className="flex flex-col gap-4">
        <PermissionNote permission="handle-quarantine" what="Releasing and deleting" />
        {draftClosed !== null && <p className="text-muted">The sender goes on a list of the draft. {draftClosed}</p>}
        <ResultList results={results} />
        <EntryFacts entry={entry} />
        <EntryPreview key={entry.id} entry={entry} />
      </div>
      {asking === "release" && (
        <ReleaseDialog
          verb={verb}
          what={isFile ? "1 file" : "1 message"}
          effect={releaseEffect(entry)}
          recipients={entry.recipients}
          having={havingIt(entry)}
          malware={entry.malware}
          mayReleaseMalware={mayReleaseMalware}
          offersList
          onClose={() => setAsking(null)}
          onRelease={release}
        />
      )}
      {asking === "delete" && (
        <DeleteDialog
          count={1}
          onClose={() => setAsking(null)}
          onDelete={async (reason) => {
            const failure = await remove(reason);
            if (failure === null) close();
            return failure;
          }}
        />
      )}
      <ConfirmDialog
        open={asking === "block"}
        onOpenChange={(open) => setAsking(open ? "block" : null)}
        title="Block the sender"
        confirmLabel="Put it on the list"
        onConfirm={block}
      >
        <ForeignText text={entry.sender === null || entry.sender === "" ? entry.from : entry.sender} /> goes on the
        draft’s list “blocked senders”. This message stays where it is.
      </ConfirmDialog>
    </Drawer>
  );
}
