"use client";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { ChoiceField, FormSection, TextField } from "#components/ui/form-fields.tsx";
import { type Pop3Input, pop3Logins, pop3TriedCommands } from "#core/contract/simulation-input.ts";
import type { SimulatorDraft } from "./simulator-draft.ts";

type MailboxFieldsProps = { draft: SimulatorDraft; onChange: (change: Partial<SimulatorDraft>) => void };

const logins: Record<Pop3Input["login"], string> = {
  USER: "USER and PASS",
  APOP: "APOP",
  PLAIN: "AUTH PLAIN",
};

const commands: Record<Pop3Input["commands"][number], string> = {
  CAPA: "CAPA: what the server can",
  STAT: "STAT: how many messages",
  LIST: "LIST: their sizes",
  UIDL: "UIDL: their unique ids",
  TOP: "TOP: the first 20 lines",
  RETR: "RETR: the message",
  DELE: "DELE: delete it",
};

/** Who logs in to a mailbox, and what is said then. */
export function MailboxFields({ draft, onChange }: MailboxFieldsProps) {
  const change = (verb: Pop3Input["commands"][number], isSaid: boolean) =>
    onChange({
      commands: pop3TriedCommands.filter((one) => (one === verb ? isSaid : draft.commands.includes(one))),
    });
  return (
    <>
      <TextField
        label="Logs in as"
        help="As the client says it; the password is not asked."
        value={draft.user}
        problem={undefined}
        maxLength={320}
        autoCapitalize="none"
        spellCheck={false}
        onChange={(user) => onChange({ user })}
      />
      <ChoiceField
        label="By"
        value={draft.login}
        problem={undefined}
        choices={pop3Logins.map((value) => ({ value, words: logins[value] }))}
        onChange={(chosen) => onChange({ login: pop3Logins.find((one) => one === chosen) ?? "USER" })}
      />
      <FormSection title="Then it says">
        {pop3TriedCommands.map((verb) => (
          <Checkbox
            key={verb}
            label={commands[verb]}
            checked={draft.commands.includes(verb)}
            onChange={({ target }) => change(verb, target.checked)}
          />
        ))}
      </FormSection>
    </>
  );
}
