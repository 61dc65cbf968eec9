"use client";
import { Plus, X } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { type FactName, factIsKnown, facts } from "#core/contract/facts.ts";
import type { RulePlace } from "#lib/proxy-actions/queries.ts";
import { type ConditionForm, type ConditionJoin, type ConditionRow, testsByKind } from "./condition-rows.ts";
import { firstFact } from "./stages.ts";

export type ListChoice = { name: string; kind: string };

type ConditionFieldsProps = {
  form: ConditionForm;
  place: RulePlace;
  lists: readonly ListChoice[];
  onChange: (form: ConditionForm) => void;
};

/** One group of conditions: fact, test, value. */
export function ConditionFields({ form, place, lists, onChange }: ConditionFieldsProps) {
  const { join, rows } = form;
  const nextKey = Math.max(0, ...rows.map(({ key }) => key + 1));
  const setRow = (changed: ConditionRow) => {
    onChange({ join, rows: rows.map((row) => (row.key === changed.key ? changed : row)) });
  };
  const add = () => {
    const fact = firstFact(place.ruleset);
    onChange({
      join,
      rows: [...rows, { key: nextKey, fact, test: testsByKind[facts[fact].kind][0]?.test ?? "is", value: "" }],
    });
  };
  return (
    <div className="flex flex-col gap-2">
      {rows.length === 0 && <p className="text-muted">No condition: the rule matches everything that reaches it.</p>}
      {rows.length > 0 && (
        <div className="flex items-center gap-2">
          <div className="w-24">
            <Select
              aria-label="How many of the conditions must hold"
              value={join}
              onChange={({ target }) => onChange({ join: joins.find((known) => known === target.value) ?? join, rows })}
            >
              <option value="all">All</option>
              <option value="any">Any</option>
              <option value="none">None</option>
            </Select>
          </div>
          of these hold
        </div>
      )}
      <ul className="flex flex-col gap-2">
        {rows.map((row, index) => (
          <li key={row.key} className="grid grid-cols-[1fr_auto] gap-2 rounded-md border border-line p-2">
            <RowFields row={row} number={index + 1} place={place} lists={lists} onChange={setRow} />
            <Button
              variant="quiet"
              size="icon"
              aria-label={`Remove condition ${index + 1}`}
              onClick={() => onChange({ join, rows: rows.filter(({ key }) => key !== row.key) })}
            >
              <X aria-hidden size={16} />
            </Button>
          </li>
        ))}
      </ul>
      <Button className="self-start" size="small" onClick={add}>
        <Plus aria-hidden size={14} />
        Add condition
      </Button>
    </div>
  );
}

type RowFieldsProps = {
  row: ConditionRow;
  number: number;
  place: RulePlace;
  lists: readonly ListChoice[];
  onChange: (row: ConditionRow) => void;
};

function RowFields({ row, number, place, lists, onChange }: RowFieldsProps) {
  const names = factNames.filter((name) => factIsKnown(name, place.protocol, place.ruleset));
  const tests = testsByKind[facts[row.fact].kind];
  const chooseFact = (name: string) => {
    const fact = factNames.find((known) => known === name) ?? row.fact;
    const keeps = testsByKind[facts[fact].kind].some(({ test }) => test === row.test);
    onChange({ ...row, fact, test: keeps ? row.test : (testsByKind[facts[fact].kind][0]?.test ?? "is") });
  };
  return (
    <div className="grid min-w-0 gap-2 sm:grid-cols-2">
      <Select
        aria-label={`Fact of condition ${number}`}
        value={row.fact}
        onChange={({ target }) => chooseFact(target.value)}
      >
        {names.map((name) => (
          <option key={name} value={name}>
            {facts[name].words}
          </option>
        ))}
      </Select>
      <Select
        aria-label={`Test of condition ${number}`}
        value={row.test}
        onChange={({ target }) => onChange({ ...row, test: target.value })}
      >
        {tests.map(({ test, words }) => (
          <option key={test} value={test}>
            {words}
          </option>
        ))}
      </Select>
      <div className="sm:col-span-2">
        <ValueField row={row} number={number} lists={lists} onChange={(value) => onChange({ ...row, value })} />
      </div>
    </div>
  );
}

type ValueFieldProps = {
  row: ConditionRow;
  number: number;
  lists: readonly ListChoice[];
  onChange: (value: string) => void;
};

function ValueField({ row, number, lists, onChange }: ValueFieldProps) {
  const label = `Value of condition ${number}`;
  const { kind } = facts[row.fact];
  if (row.test === "inList") {
    const fitting = lists.filter((list) => (list.kind === "networks") === (kind === "network"));
    return (
      <Select aria-label={label} value={row.value} onChange={({ target }) => onChange(target.value)}>
        <option value="">Choose a list</option>
        {fitting.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
    );
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
      inputMode={kind === "number" ? "numeric" : "text"}
      autoComplete="off"
      spellCheck={false}
      placeholder={row.test === "like" ? "*.exe" : undefined}
      value={row.value}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}

const factNames = Object.keys(facts).filter((name): name is FactName => name in facts);
const joins: readonly ConditionJoin[] = ["all", "any", "none"];
