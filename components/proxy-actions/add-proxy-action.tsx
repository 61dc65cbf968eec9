"use client";
import { useState } from "react";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { ChoiceField, NameField } from "#components/ui/form-fields.tsx";
import { problemAt, problemsSoFar, readForm } from "#components/ui/read-form.ts";
import { useDraftEditor } from "#components/ui/use-draft-editor.ts";
import type { Protocol } from "#core/contract/facts.ts";
import { smtpProxyActionSchema } from "#core/contract/policy-document.ts";
import { addProxyActionAction } from "#lib/proxy-actions/actions.ts";

const addedSchema = smtpProxyActionSchema.pick({ name: true, direction: true });
const directions = [
  { value: "incoming", words: "Incoming: from External towards inside" },
  { value: "outgoing", words: "Outgoing: towards External" },
];

/** A proxy action without rules, every setting at its default. */
export function AddProxyAction({ protocol }: { protocol: Protocol }) {
  const editor = useDraftEditor("/proxy-actions");
  const [name, setName] = useState("");
  const [direction, setDirection] = useState("incoming");
  const read = readForm(addedSchema, { name: name.trim(), direction });
  const problems = problemsSoFar(read, editor.tried);
  function save() {
    if (!read.ok) return editor.submit(null);
    editor.submit(() =>
      editor.send(
        addProxyActionAction({ ...read.value, protocol }),
        `Proxy action “${read.value.name}” added to the draft.`,
      ),
    );
  }
  return (
    <DraftDrawer
      title={`Add ${protocol.toUpperCase()} proxy action`}
      description="Every setting at its default and no rule: it lets everything through that keeps the limits."
      refusal={editor.refusal}
      disabled={editor.busy}
      onClose={editor.close}
      onSave={save}
    >
      <NameField value={name} problem={problemAt(problems, "name")} onChange={setName} />
      <ChoiceField
        label="Direction"
        value={direction}
        choices={directions}
        problem={problemAt(problems, "direction")}
        onChange={setDirection}
      />
    </DraftDrawer>
  );
}
