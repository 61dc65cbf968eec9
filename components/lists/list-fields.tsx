"use client";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { linesOf } from "#components/ui/lines.ts";
import { Select } from "#components/ui/select.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { type List, listSchema } from "#core/contract/policy-document.ts";

/** A list as its editor holds it: the entries as typed. */
export type ListDraft = { name: string; kind: List["kind"]; text: string };

type ListFieldsProps = { draft: ListDraft; used: boolean; onChange: (change: Partial<ListDraft>) => void };

const kinds = listSchema.shape.kind.options;

/** Name, kind and entries. */
export function ListFields({ draft, used, onChange }: ListFieldsProps) {
  return (
    <>
      <Field label="Name" hint={used ? "It is used by this name, so it cannot change now." : undefined}>
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
      <Field label="Entries" hint={`One a line; ${linesOf(draft.text).length} now.`}>
        {(control) => (
          <Textarea
            {...control}
            className="font-mono"
            rows={14}
            spellCheck={false}
            value={draft.text}
            onChange={(event) => onChange({ text: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
