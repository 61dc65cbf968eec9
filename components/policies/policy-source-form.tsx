"use client";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/form-fields.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { PermissionNote } from "#components/ui/permission-note.tsx";
import { useMay } from "#components/ui/signed-in.tsx";
import { Time } from "#components/ui/time.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { setPolicySourceAction } from "#lib/revisions/actions.ts";
import type { PolicySourceView } from "#lib/revisions/queries.ts";

/** Says where the policy is kept: here, or in a repository, and then nobody edits it here. */
export function PolicySourceForm({ source }: { source: PolicySourceView | null }) {
  const toast = useToast();
  const may = useMay("set-policy-source");
  const [busy, startTransition] = useTransition();
  const [repository, setRepository] = useState(source?.repository ?? "");
  const [path, setPath] = useState(source?.path ?? "policy.yaml");
  const [refusal, setRefusal] = useState<string | null>(null);

  function set(next: { repository: string; path: string } | null, done: string) {
    setRefusal(null);
    startTransition(async () => {
      const result = await answered(setPolicySourceAction(next));
      if (result.ok) toast("done", done);
      else setRefusal(result.error.message);
    });
  }

  return (
    <Panel title="Where the policy is kept">
      <form
        className="flex max-w-prose flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          set({ repository, path }, "The draft is read-only here now.");
        }}
      >
        {refusal !== null && <Notice kind="fault">{refusal}</Notice>}
        <p className="text-muted">
          {source === null ? (
            <>
              In this console. When a Git repository keeps it and applies it with a token, say so here: then nobody
              edits the draft in the console, and every page says where it is.
            </>
          ) : (
            <>
              {source.setBy} said so <Time at={source.setAt} />. The draft is changed with postern policy apply only;
              publishing and rolling back work here as ever.
            </>
          )}
        </p>
        <TextField
          label="Repository"
          help="As your colleagues know it, its address for example."
          autoComplete="off"
          maxLength={500}
          required
          value={repository}
          problem={undefined}
          onChange={setRepository}
        />
        <TextField
          label="Path of the document in it"
          className="font-mono"
          autoComplete="off"
          maxLength={500}
          required
          value={path}
          problem={undefined}
          onChange={setPath}
        />
        <div className="flex flex-wrap gap-2">
          <Button type="submit" disabled={busy || !may}>
            {source === null ? "Keep it in the repository" : "Change"}
          </Button>
          {source !== null && (
            <Button disabled={busy || !may} onClick={() => set(null, "The draft can be edited here again.")}>
              Keep it in this console again
            </Button>
          )}
        </div>
        <PermissionNote permission="set-policy-source" />
      </form>
    </Panel>
  );
}
