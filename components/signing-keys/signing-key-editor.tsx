"use client";
import { useState } from "react";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { ChoiceField, NameField, TextField } from "#components/ui/form-fields.tsx";
import { givenWords } from "#components/ui/given-words.ts";
import { problemsSoFar, readForm } from "#components/ui/read-form.ts";
import { useDraftEditor } from "#components/ui/use-draft-editor.ts";
import { newSigningKeySchema } from "#core/contract/signing-key.ts";
import { makeSigningKeyAction } from "#lib/signing-keys/actions.ts";

const algorithms = [
  { value: "rsa-2048", words: "RSA 2048: every verifier knows it (RFC 8301)" },
  { value: "ed25519", words: "Ed25519: short and fast; not every verifier knows it (RFC 8463)" },
];

/** Makes a key. It signs once it is activated: its DNS record has to stand first. */
export function NewSigningKey() {
  const editor = useDraftEditor("/signing-keys");
  const [draft, setDraft] = useState({ name: "", domain: "", selector: "", algorithm: "rsa-2048" });
  const read = readForm(newSigningKeySchema, {
    ...draft,
    name: draft.name.trim(),
    domain: draft.domain.trim().toLowerCase(),
    selector: draft.selector.trim().toLowerCase(),
  });
  const problems = problemsSoFar(read, editor.tried);
  const set = (change: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...change }));

  function save() {
    if (!read.ok) return editor.submit(null);
    const asked = read.value;
    editor.submit(() =>
      editor.sendAndTell(makeSigningKeyAction(asked), ({ workers }) => {
        const { ok, words } = givenWords(workers);
        return { kind: ok ? "done" : "fault", text: `Signing key “${asked.name}” made. ${words}` };
      }),
    );
  }

  return (
    <DraftDrawer
      title="Make signing key"
      description="Put its DNS record in place, then activate it. It is in no revision and never shown."
      instead={{ saveLabel: "Make key", permission: "manage-secrets" }}
      refusal={editor.refusal}
      disabled={editor.busy}
      onClose={editor.close}
      onSave={save}
    >
      <NameField value={draft.name} problem={problems.name} onChange={(name) => set({ name })} />
      <TextField
        label="Domain"
        help="Mail whose From is in it is signed; subdomains are domains of their own."
        className="font-mono"
        placeholder="example.org"
        value={draft.domain}
        problem={problems.domain}
        onChange={(domain) => set({ domain })}
      />
      <TextField
        label="Selector"
        help="Tells this key from the domain's others: the month in which it was made is a good one."
        className="font-mono"
        placeholder="pm202611"
        value={draft.selector}
        problem={problems.selector}
        onChange={(selector) => set({ selector })}
      />
      <ChoiceField
        label="Algorithm"
        choices={algorithms}
        value={draft.algorithm}
        problem={problems.algorithm}
        onChange={(algorithm) => set({ algorithm })}
      />
    </DraftDrawer>
  );
}
