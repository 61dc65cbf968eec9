"use client";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { ChoiceField, LinesField, TextField } from "#components/ui/form-fields.tsx";
import type { SimulatorChoices } from "#lib/simulator/queries.ts";
import type { SimulatorDraft } from "./simulator-draft.ts";

type EnvelopeFieldsProps = {
  draft: SimulatorDraft;
  choices: SimulatorChoices;
  onChange: (change: Partial<SimulatorDraft>) => void;
};

/** Against which policy, and who writes to whom. */
export function EnvelopeFields({ draft, choices, onChange }: EnvelopeFieldsProps) {
  const fixed = { problem: undefined, maxLength: 320, autoCapitalize: "none", spellCheck: false };
  return (
    <div className="flex flex-col gap-3">
      <ChoiceField
        label="Against"
        value={draft.policy}
        problem={undefined}
        choices={policies(choices)}
        onChange={(policy) => onChange({ policy })}
      />
      <ChoiceField
        label="Enters on the interface"
        value={draft.interface}
        problem={undefined}
        choices={choices.interfaces.map((name) => ({ value: name, words: name }))}
        onChange={(name) => onChange({ interface: name })}
      />
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        <TextField
          {...fixed}
          label="From the address"
          value={draft.client}
          onChange={(client) => onChange({ client })}
        />
        <TextField
          {...fixed}
          label="Port"
          help="Empty: the first that takes it."
          inputMode="numeric"
          value={draft.port}
          onChange={(port) => onChange({ port })}
        />
        <TextField {...fixed} label="HELO name" value={draft.helo} onChange={(helo) => onChange({ helo })} />
      </div>
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
      <Checkbox
        label="It speaks TLS"
        checked={draft.tls}
        onChange={({ target }) => onChange({ tls: target.checked })}
      />
      <Checkbox
        label="Ask the DNS (SPF, DKIM, DMARC, DNS lists)"
        checked={draft.dns}
        onChange={({ target }) => onChange({ dns: target.checked })}
      />
      <Checkbox
        label="Ask the scanners"
        checked={draft.scanners}
        onChange={({ target }) => onChange({ scanners: target.checked })}
      />
    </div>
  );
}

function policies({ live, revisions }: SimulatorChoices) {
  const numbered = revisions.map(({ number, comment }) => ({
    value: String(number),
    words: `r${number}${comment === "" ? "" : `: ${comment.slice(0, 60)}`}`,
  }));
  const now = live === null ? [] : [{ value: "live", words: `what is live (r${live})` }];
  return [{ value: "draft", words: "the draft" }, ...now, ...numbered];
}
