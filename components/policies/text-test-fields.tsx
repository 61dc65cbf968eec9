import { type ReactNode, useId } from "react";
import type { Choice } from "#components/ui/form-fields.tsx";
import { Input } from "#components/ui/input.tsx";
import { ListLink } from "#components/ui/list-link.tsx";
import { Select } from "#components/ui/select.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import type { TextTestDraft } from "./text-test-draft.ts";

type TextTestFieldsProps = {
  /** Of the two controls, for those who do not see where they stand. */
  labels: { test: string; value: string };
  /** What is looked at: `Domain`. */
  subject: string;
  of: TextTestDraft;
  choices: readonly Choice[];
  lists: readonly string[];
  placeholder: string;
  problem: string | undefined;
  /** Stands beside the choice of the test. */
  command?: ReactNode;
  onChange: (change: TextTestDraft) => void;
};

/** How something is looked at, what it is compared with, and what is wrong. */
export function TextTestFields(props: TextTestFieldsProps) {
  const { labels, subject, of, choices, problem, command, onChange } = props;
  const errorId = useId();
  return (
    <>
      <div className="flex items-end gap-2">
        <Select
          aria-label={labels.test}
          value={of.test}
          onChange={({ target }) => onChange({ test: target.value, value: "" })}
        >
          {choices.map(({ value, words }) => (
            <option key={value} value={value}>
              {subject} {words}
            </option>
          ))}
        </Select>
        {command}
      </div>
      <TestValue {...props} errorId={problem === undefined ? undefined : errorId} />
      {problem !== undefined && (
        <p id={errorId} className="text-deny">
          {problem}
        </p>
      )}
    </>
  );
}

function TestValue({
  labels,
  of: { test, value },
  lists,
  placeholder,
  errorId,
  onChange,
}: TextTestFieldsProps & { errorId: string | undefined }) {
  const control = {
    "aria-label": labels.value,
    "aria-describedby": errorId,
    "aria-invalid": errorId === undefined ? undefined : true,
    value,
    onChange: ({ target }: { target: { value: string } }) => onChange({ test, value: target.value }),
  };
  switch (test) {
    case "":
    case "empty":
      return null;
    case "inList":
      return (
        <>
          <Select {...control}>
            <option value="">Choose a list…</option>
            {lists.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
          {value !== "" && (
            <p>
              <ListLink name={value} />
            </p>
          )}
        </>
      );
    case "in":
      return <Textarea {...control} className="font-mono" rows={3} spellCheck={false} placeholder="One a line" />;
    default:
      return (
        <Input {...control} className="font-mono" autoComplete="off" spellCheck={false} placeholder={placeholder} />
      );
  }
}
