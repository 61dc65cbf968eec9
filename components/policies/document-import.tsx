"use client";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { useDraftClosed } from "#components/ui/managed-draft.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { importDocumentAction } from "#lib/revisions/actions.ts";

type DocumentImportProps = {
  initial: string;
  draftDigest: string;
  /** The parts that the page is about; none: all of it. */
  only: string[];
};

/** Replaces the draft, or parts of it, by a document that is pasted or read from a file. */
export function DocumentImport({ initial, draftDigest, only }: DocumentImportProps) {
  const managed = useDraftClosed() !== null;
  const what = only.length === 0 ? "the draft" : "these parts of the draft";
  const router = useRouter();
  const toast = useToast();
  const [yaml, setYaml] = useState(initial);
  // The page refreshes by itself; the text does not, so the digest of the draft that it came from must not either.
  const [seenDigest] = useState(draftDigest);
  /** Why it was refused: what happened, then each problem. */
  const [[refusal, ...problems], setRefusal] = useState<string[]>([]);
  const [confirming, setConfirming] = useState(false);
  const [, startTransition] = useTransition();

  async function importIt() {
    const result = await answered(importDocumentAction({ yaml, only, draftDigest: seenDigest }));
    if (!result.ok) {
      setRefusal(result.error.message.split("\n"));
      return;
    }
    setRefusal([]);
    const { changes } = result.value;
    toast(
      "done",
      changes === 0
        ? "The draft is already equal to this document."
        : `The draft took over ${changes} ${changes === 1 ? "change" : "changes"}.`,
      result.undo,
    );
    startTransition(() => router.push("/changes"));
  }

  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        setConfirming(true);
      }}
    >
      {refusal !== undefined && (
        <Notice kind="fault">
          <p className="font-medium">{refusal}</p>
          <ul className="mt-1 list-disc ps-4">
            {problems.map((problem, index) => (
              <li key={index}>{problem}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Field label="From a file" hint="Its text appears below, nothing is imported yet.">
        {(control) => (
          <Input
            {...control}
            type="file"
            accept=".yaml,.yml,text/yaml,text/plain"
            className="py-1"
            onChange={({ target }) => {
              const file = target.files?.[0];
              if (file !== undefined) startTransition(async () => setYaml(await file.text()));
            }}
          />
        )}
      </Field>
      <Field
        label="Policy document (YAML)"
        hint="Rules without an id keep the one that a rule of the same name in the same place has."
      >
        {(control) => (
          <Textarea
            {...control}
            className="min-h-96 font-mono"
            spellCheck={false}
            value={yaml}
            onChange={({ target }) => setYaml(target.value)}
          />
        )}
      </Field>
      <Button type="submit" variant="primary" className="self-start" disabled={managed || yaml.trim() === ""}>
        {only.length === 0 ? "Import into the draft" : "Import these parts into the draft"}
      </Button>
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        title={`Replace ${what}`}
        confirmLabel={`Replace ${what}`}
        onConfirm={importIt}
      >
        {only.length === 0
          ? "This document takes the place of the whole draft."
          : `${only.join(", ")} become what this document says; what it lacks of them goes away, and the rest of the draft stays.`}{" "}
        What is published stays in force, and the import can be undone for a while.
      </ConfirmDialog>
    </form>
  );
}
