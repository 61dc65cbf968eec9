"use client";
import { KeySquare } from "lucide-react";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ChoiceField, FormSection, NameField } from "#components/ui/form-fields.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PermissionNote } from "#components/ui/permission-note.tsx";
import { problemAt, problemsSoFar, readForm } from "#components/ui/read-form.ts";
import { useMay } from "#components/ui/signed-in.tsx";
import { type NewToken, newTokenSchema, type TokenScope, tokenScopeSchema } from "#core/contract/api-token.ts";
import { makeTokenAction } from "#lib/api-tokens/actions.ts";
import { MadeToken } from "./made-token.tsx";
import { scopeWords } from "./scope-words.ts";

const empty = { name: "", days: "90", scopes: ["policy:read"] as TokenScope[] };
const lives = [
  { value: "1", words: "1 day" },
  { value: "30", words: "30 days" },
  { value: "90", words: "90 days" },
  { value: "365", words: "1 year" },
];

/** Opens the form that makes a token; what it made is shown once. */
export function MakeToken() {
  const may = useMay("make-tokens");
  const [open, setOpen] = useState(false);
  return (
    <>
      <PermissionNote permission="make-tokens" what="Making and revoking tokens" />
      <Button variant="primary" disabled={!may} onClick={() => setOpen(true)}>
        <KeySquare aria-hidden size={14} />
        Make token
      </Button>
      {open && <MakeTokenDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function MakeTokenDialog({ onClose }: { onClose: () => void }) {
  const lacks = { "policy:apply": !useMay("edit"), "policy:publish": !useMay("publish"), "policy:read": false };
  const [busy, startTransition] = useTransition();
  const [form, setForm] = useState(empty);
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [made, setMade] = useState<string | null>(null);
  const read = readForm(newTokenSchema, { ...form, name: form.name.trim(), days: Number(form.days) });
  const problems = problemsSoFar(read, tried);
  const change = (changes: Partial<typeof empty>) => setForm((before) => ({ ...before, ...changes }));

  async function make(token: NewToken) {
    const answer = await answered(makeTokenAction(token));
    if (answer.ok) setMade(answer.value.token);
    else setRefusal(answer.error.message);
  }

  function submit() {
    setTried(true);
    setRefusal(null);
    if (read.ok) startTransition(() => make(read.value));
  }

  if (made !== null) return <MadeToken name={form.name} token={made} onClose={onClose} />;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Make an API token"
      description="For a program that reads or changes the policy over HTTP, such as postern policy."
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            Cancel
          </Button>
          <Button variant="primary" type="submit" form="api-token" disabled={busy}>
            Make token
          </Button>
        </>
      }
    >
      <form
        id="api-token"
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {refusal !== null && <Notice kind="fault">{refusal}</Notice>}
        <NameField
          help="Who uses it, for example “policy repository”: the audit log and revisions name it."
          autoComplete="off"
          value={form.name}
          problem={problems["name"]}
          onChange={(name) => change({ name })}
        />
        <FormSection title="It may">
          {tokenScopeSchema.options.map((scope) => (
            <Checkbox
              key={scope}
              label={`${scopeWords[scope]} (${scope})`}
              checked={form.scopes.includes(scope)}
              disabled={lacks[scope]}
              onChange={({ target }) => change({ scopes: withScope(form.scopes, scope, target.checked) })}
            />
          ))}
          <PermissionNote permission="edit" what="policy:apply" />
          <PermissionNote permission="publish" what="policy:publish" />
          {problemAt(problems, "scopes") !== undefined && <p className="text-deny">{problemAt(problems, "scopes")}</p>}
        </FormSection>
        <ChoiceField
          label="For"
          help="Afterwards it is refused."
          value={form.days}
          choices={lives}
          problem={problems["days"]}
          onChange={(days) => change({ days })}
        />
      </form>
    </Dialog>
  );
}

function withScope(scopes: readonly TokenScope[], scope: TokenScope, on: boolean): TokenScope[] {
  return tokenScopeSchema.options.filter((other) => (other === scope ? on : scopes.includes(other)));
}
