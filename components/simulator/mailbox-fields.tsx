"use client";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { ChoiceField, FormSection, TextField } from "#components/ui/form-fields.tsx";
import type { FormProblems } from "#components/ui/read-form.ts";
import { type Pop3Input, pop3Logins, pop3TriedCommands } from "#core/contract/simulation-input.ts";
import type { SimulatorDraft } from "./simulator-draft.ts";

type MailboxFieldsProps = {
  draft: SimulatorDraft;
  problems: FormProblems;
  onChange: (change: Partial<SimulatorDraft>) => void;
};

const logins: Record<Pop3Input["login"], string> = {
  USER: "USER and PASS",
  APOP: "APOP",
  PLAIN: "AUTH PLAIN",
  LOGIN: "AUTH LOGIN",
  "CRAM-MD5": "AUTH CRAM-MD5",
  "SCRAM-SHA-1": "AUTH SCRAM-SHA-1",
  "SCRAM-SHA-256": "AUTH SCRAM-SHA-256",
  XOAUTH2: "AUTH XOAUTH2, with a token",
  OAUTHBEARER: "AUTH OAUTHBEARER, with a token",
};

const commands: Record<Pop3Input["commands"][number], string> = {
  CAPA: "CAPA: what the server can",
  LANG: "LANG: which languages there are",
  STAT: "STAT: how many messages",
  LIST: "LIST: their sizes",
  UIDL: "UIDL: their unique ids",
  TOP: "TOP: the first 20 lines of each",
  RETR: "RETR: each message",
  DELE: "DELE: delete each",
};

/** Who logs in to a mailbox, and what is said then. */
export function MailboxFields({ draft, problems, onChange }: MailboxFieldsProps) {
  const change = (verb: Pop3Input["commands"][number], isSaid: boolean) =>
    onChange({
      commands: pop3TriedCommands.filter((one) => (one === verb ? isSaid : draft.commands.includes(one))),
    });
  return (
    <>
      <TextField
        label="Logs in as"
        help="As the client says it, with the server behind the name where it is chosen so (joe%mail.example); the password is not asked."
        value={draft.user}
        problem={problems["user"]}
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
      <Checkbox
        label="It says UTF8 before it logs in"
        checked={draft.utf8}
        onChange={({ target }) => onChange({ utf8: target.checked })}
      />
      <TextField
        label="It asks for the language"
        help="LANG with a tag such as de, or * for what the server likes; empty: it does not."
        value={draft.language}
        problem={problems["language"]}
        maxLength={71}
        autoCapitalize="none"
        spellCheck={false}
        onChange={(language) => onChange({ language })}
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
