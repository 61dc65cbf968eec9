"use client";
import { LinesField, TextField } from "#components/ui/form-fields.tsx";
import { type FormProblems, problemAt } from "#components/ui/read-form.ts";
import type { SimulatorDraft } from "./simulator-draft.ts";

type EnvelopeFieldsProps = {
  draft: SimulatorDraft;
  problems: FormProblems;
  onChange: (change: Partial<SimulatorDraft>) => void;
};

/** Who writes to whom. */
export function EnvelopeFields({ draft, problems, onChange }: EnvelopeFieldsProps) {
  const fixed = { maxLength: 320, autoCapitalize: "none", spellCheck: false };
  return (
    <>
      <TextField
        {...fixed}
        label="HELO name"
        value={draft.helo}
        problem={problems["helo"]}
        onChange={(helo) => onChange({ helo })}
      />
      <TextField
        {...fixed}
        label="Sender"
        help="The envelope’s, as in MAIL FROM; empty: the null path of reports."
        value={draft.sender}
        problem={problems["sender"]}
        onChange={(sender) => onChange({ sender })}
      />
      <LinesField
        label="Recipients"
        rows={2}
        value={draft.recipients}
        problem={problemAt(problems, "recipients")}
        onChange={(recipients) => onChange({ recipients })}
      />
      <TextField
        {...fixed}
        label="Logged in as"
        help="Empty: it has not logged in."
        value={draft.user}
        problem={problems["user"]}
        onChange={(user) => onChange({ user })}
      />
    </>
  );
}
