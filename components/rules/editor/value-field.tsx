"use client";
import { useState } from "react";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Input } from "#components/ui/input.tsx";
import { linesOf } from "#components/ui/lines.ts";
import { Select } from "#components/ui/select.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { type FactKind, facts, type Protocol } from "#core/contract/facts.ts";
import { traits } from "#core/contract/traits.ts";
import type { ConditionTest } from "#core/policy/condition-tree.ts";
import { emptyWords } from "./fact-choices.ts";
import { useFactChoices, useRuleChoices } from "./rule-choices.tsx";

type ValueFieldProps = {
  row: ConditionTest;
  protocol: Protocol;
  number: string;
  /** The element that says what is wrong with the value. */
  problemId: string | undefined;
  onChange: (value: string) => void;
};

/** What every control of a value carries: its name, and what is wrong with it. */
type Control = { "aria-label": string; "aria-describedby": string | undefined; "aria-invalid": true | undefined };

/** What a condition compares with: a list, one or several of the fact's own readings, or text. */
export function ValueField({ row, protocol, number, problemId, onChange }: ValueFieldProps) {
  const { lists } = useRuleChoices();
  const values = useFactChoices(row.fact, protocol);
  const { kind } = facts[row.fact];
  const control: Control = {
    "aria-label": `Value of condition ${number}`,
    "aria-describedby": problemId,
    "aria-invalid": problemId === undefined ? undefined : true,
  };
  if (row.test === "inList") {
    const fitting = lists.filter((list) => (list.kind === "networks") === (kind === "network"));
    const names = fitting.map(({ name }) => name);
    return <OneOf control={control} prompt="Choose a list" values={names} value={row.value} onChange={onChange} />;
  }
  if (values !== null && row.test === "is") {
    const prompt = emptyWords(row.fact) ?? "Choose";
    return <OneOf control={control} prompt={prompt} values={values} value={row.value} onChange={onChange} />;
  }
  if (values !== null && row.test === "in") {
    return <SomeOf control={control} values={values} value={row.value} onChange={onChange} />;
  }
  return <Typed control={control} row={row} onChange={onChange} />;
}

/** The condition takes what is meant, without blank lines; the control keeps what is typed. */
function Typed({
  control,
  row: { fact, test, value },
  onChange,
}: Pick<ValueFieldProps, "row" | "onChange"> & { control: Control }) {
  const [typed, setTyped] = useState(value);
  const meant = (text: string) => meaning(text, test, facts[fact].kind);
  const shown = meant(typed) === value ? typed : value;
  const change = ({ target }: { target: { value: string } }) => {
    setTyped(target.value);
    onChange(meant(target.value));
  };
  if (test === "in") {
    return (
      <Textarea {...control} className="font-mono" rows={2} placeholder="One a line" value={shown} onChange={change} />
    );
  }
  return (
    <Input
      {...control}
      className="font-mono"
      inputMode={facts[fact].kind === "number" ? "decimal" : "text"}
      autoComplete="off"
      spellCheck={false}
      placeholder={test === "like" ? "*.exe" : undefined}
      value={shown}
      onChange={change}
    />
  );
}

/** As the condition has it, and conditionTree gives it back. */
function meaning(typed: string, test: string, kind: FactKind): string {
  if (test === "in") return linesOf(typed).join("\n");
  if (kind !== "number" || typed.trim() === "" || !Number.isFinite(Number(typed))) return typed;
  return String(Number(typed));
}

type ChoiceProps = { control: Control; values: readonly string[]; value: string; onChange: (value: string) => void };

function OneOf({ control, prompt, values, value, onChange }: ChoiceProps & { prompt: string }) {
  const gone = value !== "" && !values.includes(value);
  return (
    <Select {...control} value={value} onChange={({ target }) => onChange(target.value)}>
      <option value="">{prompt}</option>
      {gone && <option value={value}>{value} (not there)</option>}
      {values.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </Select>
  );
}

/** `value` has one a line. */
function SomeOf({ control, values, value, onChange }: ChoiceProps) {
  const chosen = linesOf(value);
  const shown = [...new Set([...values, ...chosen])];
  const help: Readonly<Record<string, string>> = traits;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div
      role="group"
      tabIndex={0}
      aria-label={control["aria-label"]}
      aria-describedby={control["aria-describedby"]}
      className="max-h-56 overflow-y-auto rounded-md border border-line p-2"
    >
      <ul className="flex flex-col gap-1">
        {shown.map((name) => (
          <li key={name}>
            <Checkbox
              label={
                <>
                  {name} {help[name] !== undefined && <span className="text-muted">{help[name]}</span>}
                </>
              }
              checked={chosen.includes(name)}
              onChange={({ target: { checked } }) =>
                onChange((checked ? [...chosen, name] : chosen.filter((one) => one !== name)).join("\n"))
              }
            />
          </li>
        ))}
      </ul>
    </div>
  );
}
