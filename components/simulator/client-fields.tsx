"use client";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { ChoiceField, TextField } from "#components/ui/form-fields.tsx";
import type { FormProblems } from "#components/ui/read-form.ts";
import { EnvelopeFields } from "./envelope-fields.tsx";
import { MailboxFields } from "./mailbox-fields.tsx";
import type { SimulatorDraft } from "./simulator-draft.ts";

type ClientFieldsProps = {
  draft: SimulatorDraft;
  interfaces: readonly string[];
  problems: FormProblems;
  onChange: (change: Partial<SimulatorDraft>) => void;
};

/** Who connects, and what it says. */
export function ClientFields({ draft, interfaces, problems, onChange }: ClientFieldsProps) {
  const fixed = { maxLength: 320, autoCapitalize: "none", spellCheck: false };
  return (
    <div className="flex flex-col gap-3">
      <ChoiceField
        label="Enters on the interface"
        value={draft.interface}
        problem={undefined}
        choices={interfaces.map((name) => ({ value: name, words: name }))}
        onChange={(name) => onChange({ interface: name })}
      />
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        <TextField
          {...fixed}
          label="From the address"
          value={draft.client}
          problem={problems["client"]}
          onChange={(client) => onChange({ client })}
        />
        <TextField
          {...fixed}
          label="Port"
          help="Empty: the first that takes it."
          inputMode="numeric"
          value={draft.port}
          problem={problems["port"]}
          onChange={(port) => onChange({ port })}
        />
      </div>
      {draft.protocol === "pop3" ? (
        <MailboxFields draft={draft} problems={problems} onChange={onChange} />
      ) : (
        <EnvelopeFields draft={draft} problems={problems} onChange={onChange} />
      )}
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
