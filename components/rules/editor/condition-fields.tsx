"use client";
import { Plus, X } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Select } from "#components/ui/select.tsx";
import { type FactName, factIsKnown, facts, type Protocol } from "#core/contract/facts.ts";
import type { RulePlace } from "#lib/proxy-actions/queries.ts";
import { firstFact } from "../stages.ts";
import { type ConditionForm, type ConditionJoin, type ConditionRow, testsByKind } from "./condition-rows.ts";
import { factChoices } from "./fact-choices.ts";
import { ValueField } from "./value-field.tsx";

type ConditionFieldsProps = {
  form: ConditionForm;
  place: RulePlace;
  onChange: (form: ConditionForm) => void;
};

/** One group of conditions: fact, test, value. */
export function ConditionFields({ form, place, onChange }: ConditionFieldsProps) {
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
            <RowFields row={row} number={index + 1} place={place} onChange={setRow} />
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
  onChange: (row: ConditionRow) => void;
};

function RowFields({ row, number, place, onChange }: RowFieldsProps) {
  const names = factNames.filter((name) => factIsKnown(name, place.protocol, place.ruleset));
  const tests = testsByKind[facts[row.fact].kind];
  const chooseFact = (name: string) => {
    const fact = factNames.find((known) => known === name) ?? row.fact;
    const keeps = testsByKind[facts[fact].kind].some(({ test }) => test === row.test);
    const test = keeps ? row.test : (testsByKind[facts[fact].kind][0]?.test ?? "is");
    const value = sameChoices(fact, row.fact, place.protocol) ? row.value : "";
    onChange({ ...row, fact, test, value });
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
        <ValueField
          row={row}
          protocol={place.protocol}
          number={number}
          onChange={(value) => onChange({ ...row, value })}
        />
      </div>
    </div>
  );
}

/** Whether a value of the one can be one of the other: not where either has readings of its own. */
function sameChoices(a: FactName, b: FactName, protocol: Protocol): boolean {
  return factChoices(a, protocol) === factChoices(b, protocol) && (a === "dictionary") === (b === "dictionary");
}

const factNames = Object.keys(facts).filter((name): name is FactName => name in facts);
const joins: readonly ConditionJoin[] = ["all", "any", "none"];
