"use client";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { useDraftClosed } from "#components/ui/managed-draft.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { Change } from "#core/policy/diff.ts";
import { discardPartAction } from "#lib/draft/actions.ts";
import { ChangeList } from "./change-list.tsx";

type DraftChangesProps = {
  changes: readonly Change[];
  /** The draft as it is shown. */
  draftDigest: string;
  /** Nothing was published before: there is nothing to go back to. */
  canDiscard: boolean;
};

/** What the draft changes; what is ticked can be discarded without the rest. The changes of one object go together. */
export function DraftChanges({ changes, draftDigest, canDiscard }: DraftChangesProps) {
  const toast = useToast();
  const closed = useDraftClosed();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, startTransition] = useTransition();
  const chosen = changes.filter(({ at }) => ticked.has(at));
  const words = chosen.length === 1 ? "1 change" : `${chosen.length} changes`;

  function tick(at: string, on: boolean) {
    const next = new Set(ticked);
    if (on) next.add(at);
    else next.delete(at);
    setTicked(next);
    setRefusal(null);
  }

  function discard() {
    startTransition(async () => {
      const at = [...new Set(chosen.map((change) => change.at))];
      const result = await answered(discardPartAction({ at, draftDigest }));
      if (!result.ok) {
        setRefusal(result.error.message);
        return;
      }
      setRefusal(null);
      setTicked(new Set());
      toast("done", `${words} discarded; the rest of the draft stays.`, result.undo);
    });
  }

  if (!canDiscard || closed !== null)
    return (
      <>
        {closed !== null && <p className="mb-2 text-muted">{closed}</p>}
        <ChangeList changes={changes} />
      </>
    );
  return (
    <>
      <ChangeList changes={changes} choice={{ ticked, onTick: tick }} />
      {refusal !== null && (
        <Notice kind="fault">
          <span className="whitespace-pre-line">{refusal}</span>
        </Notice>
      )}
      {chosen.length > 0 && (
        <div className="mt-2 flex flex-wrap items-center justify-end gap-2">
          <Button onClick={() => setTicked(new Set())}>Choose none</Button>
          <Button variant="danger" disabled={busy} onClick={discard}>
            Discard the {words} chosen
          </Button>
        </div>
      )}
    </>
  );
}
