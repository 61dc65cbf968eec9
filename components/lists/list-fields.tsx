"use client";
import { Field } from "#components/ui/field.tsx";
import { ChoiceField, TextField } from "#components/ui/form-fields.tsx";
import { Input } from "#components/ui/input.tsx";
import { linesOf } from "#components/ui/lines.ts";
import { Select } from "#components/ui/select.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { type List, listSchema } from "#core/contract/policy-document.ts";

/** A list as its editor holds it: the entries as typed. */
export type ListDraft = { name: string; kind: List["kind"]; text: string; feedUrl: string; everyMinutes: string };

type ListFieldsProps = {
  draft: ListDraft;
  used: boolean;
  /** Of the name. */
  problem: string | undefined;
  onChange: (change: Partial<ListDraft>) => void;
};

const feedTimes = [
  { value: "15", words: "every 15 minutes" },
  { value: "60", words: "every hour" },
  { value: "360", words: "every 6 hours" },
  { value: "1440", words: "every day" },
];

const kinds = listSchema.shape.kind.options;

/** Name, kind and entries. */
export function ListFields({ draft, used, problem, onChange }: ListFieldsProps) {
  const fed = draft.feedUrl.trim() !== "";
  return (
    <>
      <Field label="Name" hint={used ? "It is used by this name, so it cannot change now." : undefined} error={problem}>
        {(control) => (
          <Input
            {...control}
            value={draft.name}
            maxLength={100}
            readOnly={used}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label="Kind" hint="Patterns know * and ?. Comparison ignores ASCII case.">
        {(control) => (
          <Select
            {...control}
            value={draft.kind}
            onChange={(event) => onChange({ kind: listSchema.shape.kind.parse(event.target.value) })}
          >
            {kinds.map((option) => (
              <option key={option}>{option}</option>
            ))}
          </Select>
        )}
      </Field>
      <TextField
        label="Fed from an address"
        help="Where the entries are fetched from, as plain lines or CSV; empty: people keep them. Only https to public addresses."
        type="url"
        inputMode="url"
        placeholder="https://"
        value={draft.feedUrl}
        problem={undefined}
        onChange={(feedUrl) => onChange({ feedUrl })}
      />
      {fed && (
        <ChoiceField
          label="Fetched"
          help="New entries are in force without a publish of yours; the rest of the draft waits as ever."
          value={draft.everyMinutes}
          problem={undefined}
          choices={feedTimes}
          onChange={(everyMinutes) => onChange({ everyMinutes })}
        />
      )}
      <Field
        label="Entries"
        hint={
          fed
            ? `${linesOf(draft.text).length} as last fetched; the next fetch replaces them.`
            : `One a line; ${linesOf(draft.text).length} now.`
        }
      >
        {(control) => (
          <Textarea
            {...control}
            className="font-mono"
            rows={14}
            readOnly={fed}
            spellCheck={false}
            value={draft.text}
            onChange={(event) => onChange({ text: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
