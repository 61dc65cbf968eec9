"use client";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { useDraftClosed } from "#components/ui/managed-draft.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PermissionNote } from "#components/ui/permission-note.tsx";
import { useMay } from "#components/ui/signed-in.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { publishAction } from "#lib/publishing/actions.ts";
import { DiscardDraft } from "./discard-draft.tsx";
import { FirstWorkers } from "./first-workers.tsx";
import { publishedWords } from "./published-words.ts";
import { TrialChoice } from "./trial-choice.tsx";

type PublishFormProps = {
  /** The number that it would get. */
  next: number;
  /** The draft as it is shown: only that is published. */
  draftDigest: string;
  changes: number;
  canPublish: boolean;
  /** What the draft would do harm with, in sentences: named before it is published. */
  harms: readonly string[];
  /** Nothing was published before: there is nothing to go back to. */
  canDiscard: boolean;
  /** What a trial would go back to; null: nothing was published before. */
  live: number | null;
  /** Those that could have it first. */
  workers: readonly { id: string; name: string }[];
  /** Whether this person publishes though policy tests fail, with a reason. */
  mayOverride: boolean;
};

/** The comment, and the buttons that make it live or throw it away. */
export function PublishForm({
  next,
  draftDigest,
  changes,
  canPublish,
  harms,
  canDiscard,
  live,
  workers,
  mayOverride,
}: PublishFormProps) {
  const toast = useToast();
  const may = useMay("publish");
  const closed = useDraftClosed() !== null;
  const [comment, setComment] = useState("");
  const [minutes, setMinutes] = useState<number | null>(null);
  const [first, setFirst] = useState<readonly string[] | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  /** Policy tests fail: a reason is asked for, and null for while none does. */
  const [override, setOverride] = useState<string | null>(null);
  const [confirming, setConfirming] = useState(false);
  const [busy, startTransition] = useTransition();

  function publish() {
    setRefusal(null);
    startTransition(async () => {
      const result = await answered(
        publishAction({
          comment,
          draftDigest,
          trialMinutes: minutes,
          firstWorkers: first === null ? null : [...first],
          overrideReason: override === null || override.trim() === "" ? null : override,
        }),
      );
      if (!result.ok) {
        setRefusal(result.error.message);
        if (result.error.code === "TESTS_FAILED" && mayOverride) setOverride(override ?? "");
        return;
      }
      setOverride(null);
      setComment("");
      setMinutes(null);
      setFirst(null);
      const { kind, text } = publishedWords(result.value, first !== null);
      toast(kind, text);
    });
  }

  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (harms.length > 0) setConfirming(true);
        else publish();
      }}
    >
      {refusal !== null && (
        <Notice kind="fault">
          <span className="whitespace-pre-line">{refusal}</span>
        </Notice>
      )}
      <Field label="Comment" hint="Optional. Stands in the history and in the audit log.">
        {(control) => (
          <Input {...control} maxLength={500} value={comment} onChange={({ target }) => setComment(target.value)} />
        )}
      </Field>
      {live !== null && <TrialChoice live={live} next={next} minutes={minutes} onChange={setMinutes} />}
      {live !== null && workers.length > 1 && <FirstWorkers workers={workers} chosen={first} onChange={setFirst} />}
      {override !== null && (
        <Field label="Publish though policy tests fail, because" hint="Stands with the revision and in the audit log.">
          {(control) => (
            <Input {...control} maxLength={500} value={override} onChange={({ target }) => setOverride(target.value)} />
          )}
        </Field>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" disabled={busy || !canPublish || !may}>
          {busy ? "Publishing…" : `Publish r${next}`}
        </Button>
        {canDiscard && !closed && (
          <DiscardDraft draftDigest={draftDigest} changes={changes} busy={busy} onRefused={setRefusal} />
        )}
      </div>
      <PermissionNote permission="publish" />
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        title={harms.length === 1 ? "This draft does harm" : `This draft does harm in ${harms.length} places`}
        confirmLabel={`Publish r${next} all the same`}
        danger
        onConfirm={publish}
      >
        <ul className="list-disc ps-4">
          {harms.map((harm) => (
            <li key={harm}>{harm}</li>
          ))}
        </ul>
      </ConfirmDialog>
    </form>
  );
}
