import type { Choice } from "#components/ui/form-fields.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import type { TextTestDraft } from "./text-test-draft.ts";

type TestSelectProps = {
  label: string;
  /** What is looked at: `Domain`. */
  subject: string;
  test: string;
  choices: readonly Choice[];
  onChange: (change: TextTestDraft) => void;
};

/** How something is looked at; another way empties the value. */
export function TestSelect({ label, subject, test, choices, onChange }: TestSelectProps) {
  return (
    <Select aria-label={label} value={test} onChange={({ target }) => onChange({ test: target.value, value: "" })}>
      {choices.map(({ value, words }) => (
        <option key={value} value={value}>
          {subject} {words}
        </option>
      ))}
    </Select>
  );
}

type TestValueProps = {
  label: string;
  of: TextTestDraft;
  lists: readonly string[];
  /** Attributes that tie it to what is wrong. */
  described: object;
  placeholder: string;
  onChange: (change: { value: string }) => void;
};

/** What a test compares with; nothing where it needs nothing. */
export function TestValue({ label, of: { test, value }, lists, described, placeholder, onChange }: TestValueProps) {
  const control = {
    "aria-label": label,
    ...described,
    value,
    onChange: ({ target }: { target: { value: string } }) => onChange({ value: target.value }),
  };
  switch (test) {
    case "":
    case "empty":
      return null;
    case "inList":
      return (
        <Select {...control}>
          <option value="">Choose a list…</option>
          {lists.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      );
    case "in":
      return <Textarea {...control} className="font-mono" rows={3} spellCheck={false} placeholder="One a line" />;
    default:
      return (
        <Input {...control} className="font-mono" autoComplete="off" spellCheck={false} placeholder={placeholder} />
      );
  }
}
