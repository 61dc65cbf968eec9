"use client";
import { LinesField, TextField } from "#components/ui/form-fields.tsx";
import type { SimulatorDraft } from "./simulator-draft.ts";

type EnvelopeFieldsProps = { draft: SimulatorDraft; onChange: (change: Partial<SimulatorDraft>) => void };

/** Who writes to whom. */
export function EnvelopeFields({ draft, onChange }: EnvelopeFieldsProps) {
  const fixed = { problem: undefined, maxLength: 320, autoCapitalize: "none", spellCheck: false };
  return (
    <>
      <TextField {...fixed} label="HELO name" value={draft.helo} onChange={(helo) => onChange({ helo })} />
      <TextField
        {...fixed}
        label="Sender"
        help="The envelope’s, as in MAIL FROM; empty: the null path of reports."
        value={draft.sender}
        onChange={(sender) => onChange({ sender })}
      />
      <LinesField
        label="Recipients"
        rows={2}
        value={draft.recipients}
        problem={undefined}
        onChange={(recipients) => onChange({ recipients })}
      />
      <TextField
        {...fixed}
        label="Logged in as"
        help="Empty: it has not logged in."
        value={draft.user}
        onChange={(user) => onChange({ user })}
      />
    </>
  );
}
