"use client";
import { Field } from "#components/ui/field.tsx";
import { Textarea } from "#components/ui/textarea.tsx";

type ConditionYamlProps = { text: string; problem: string | undefined; onChange: (text: string) => void };

/** A condition as the text that is kept: the builder's edits are made in it. */
export function ConditionYaml({ text, problem, onChange }: ConditionYamlProps) {
  return (
    <Field
      label="Condition as YAML"
      hint="all, any and none take lists of conditions, four deep at most. Comments (#) are kept."
      error={problem}
    >
      {(control) => (
        <Textarea
          {...control}
          className="font-mono"
          rows={10}
          spellCheck={false}
          value={text}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}
