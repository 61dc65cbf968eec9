"use client";
import { useState } from "react";
import { parse, stringify } from "yaml";
import { Field } from "#components/ui/field.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { type Condition, conditionSchema } from "#core/contract/condition.ts";

/** What the text says: a condition, none at all, or why it cannot be read. */
export type YamlCondition = { ok: true; when: Condition | undefined } | { ok: false; problem: string };

type ConditionYamlProps = { initial: unknown; onChange: (condition: YamlCondition) => void };

/** A condition as text, for what the form cannot show: groups within groups. */
export function ConditionYaml({ initial, onChange }: ConditionYamlProps) {
  const [text, setText] = useState(() => (initial === undefined ? "" : stringify(initial)));
  const [problem, setProblem] = useState<string | null>(null);
  function change(next: string) {
    setText(next);
    const read = readCondition(next);
    setProblem(read.ok ? null : read.problem);
    onChange(read);
  }
  return (
    <Field
      label="Condition as YAML"
      hint="all, any and none take lists of conditions, four deep at most."
      error={problem}
    >
      {(control) => (
        <Textarea
          {...control}
          className="font-mono"
          rows={10}
          spellCheck={false}
          value={text}
          onChange={({ target }) => change(target.value)}
        />
      )}
    </Field>
  );
}

function readCondition(text: string): YamlCondition {
  try {
    const value: unknown = parse(text);
    if (value === null || value === undefined) return { ok: true, when: undefined };
    const parsed = conditionSchema.safeParse(value);
    if (parsed.success) return { ok: true, when: parsed.data };
    const [issue] = parsed.error.issues;
    return { ok: false, problem: `${issue?.path.join(".") || "condition"}: ${issue?.message ?? "not a condition"}` };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : "This is not YAML." };
  }
}
