"use client";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Input } from "#components/ui/input.tsx";
import { linesOf } from "#components/ui/lines.ts";
import { Select } from "#components/ui/select.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { facts, type Protocol } from "#core/contract/facts.ts";
import { traits } from "#core/contract/traits.ts";
import type { ConditionRow } from "./condition-rows.ts";
import { emptyWords } from "./fact-choices.ts";
import { useFactChoices, useRuleChoices } from "./rule-choices.tsx";

type ValueFieldProps = {
  row: ConditionRow;
  protocol: Protocol;
  number: number;
  onChange: (value: string) => void;
};

/** What a condition compares with: a list, one or several of the fact's own readings, or text. */
export function ValueField({ row, protocol, number, onChange }: ValueFieldProps) {
  const { lists } = useRuleChoices();
  const values = useFactChoices(row.fact, protocol);
  const label = `Value of condition ${number}`;
  const { kind } = facts[row.fact];
  if (row.test === "inList") {
    const fitting = lists.filter((list) => (list.kind === "networks") === (kind === "network"));
    const names = fitting.map(({ name }) => name);
    return <OneOf label={label} prompt="Choose a list" values={names} value={row.value} onChange={onChange} />;
  }
  if (values !== null && row.test === "is") {
    return (
      <OneOf
        label={label}
        prompt={emptyWords(row.fact) ?? "Choose"}
        values={values}
        value={row.value}
        onChange={onChange}
      />
    );
  }
  if (values !== null && row.test === "in") {
    return <SomeOf label={label} values={values} value={row.value} onChange={onChange} />;
  }
  if (row.test === "in") {
    return (
      <Textarea
        aria-label={label}
        className="font-mono"
        rows={2}
        placeholder="One a line"
        value={row.value}
        onChange={({ target }) => onChange(target.value)}
      />
    );
  }
  return (
    <Input
      aria-label={label}
      className="font-mono"
      inputMode={kind === "number" ? "decimal" : "text"}
      autoComplete="off"
      spellCheck={false}
      placeholder={row.test === "like" ? "*.exe" : undefined}
      value={row.value}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}

type ChoiceProps = { label: string; values: readonly string[]; value: string; onChange: (value: string) => void };

function OneOf({ label, prompt, values, value, onChange }: ChoiceProps & { prompt: string }) {
  const gone = value !== "" && !values.includes(value);
  return (
    <Select aria-label={label} value={value} onChange={({ target }) => onChange(target.value)}>
      <option value="">{prompt}</option>
      {gone && <option value={value}>{value} (not there)</option>}
      {values.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </Select>
  );
}

/** `value` has one a line. */
function SomeOf({ label, values, value, onChange }: ChoiceProps) {
  const chosen = linesOf(value);
  const shown = [...new Set([...values, ...chosen])];
  const help: Readonly<Record<string, string>> = traits;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div
      role="group"
      tabIndex={0}
      aria-label={label}
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
