"use client";
import { useId } from "react";
import { ListLink } from "#components/ui/list-link.tsx";
import { Select } from "#components/ui/select.tsx";
import { type FactName, factIsKnown, facts, type Protocol } from "#core/contract/facts.ts";
import type { ConditionEdit } from "#core/policy/condition-edit.ts";
import { type ConditionTest, factNamed, factNames, testsByKind } from "#core/policy/condition-tree.ts";
import type { RulePlace } from "#lib/proxy-actions/queries.ts";
import { factChoices } from "./fact-choices.ts";
import { PatternTest } from "./pattern-test.tsx";
import { ValueField } from "./value-field.tsx";

type TestFieldsProps = {
  test: ConditionTest;
  number: string;
  place: RulePlace;
  problem: string | undefined;
  onEdit: (edit: ConditionEdit) => void;
};

/** One condition: fact, test and value, what is wrong with it, and a pattern's texts to try. */
export function TestFields({ test, number, place, problem, onEdit }: TestFieldsProps) {
  const problemId = useId();
  const { path, fact } = test;
  const known = factNames.filter((name) => name === fact || factIsKnown(name, place.protocol, place.ruleset));
  return (
    <div className="grid min-w-0 grow gap-2 sm:grid-cols-2">
      <Select
        aria-label={`Fact of condition ${number}`}
        value={fact}
        onChange={({ target }) => onEdit({ kind: "test", path, to: withFact(test, target.value, place.protocol) })}
      >
        {known.map((name) => (
          <option key={name} value={name}>
            {facts[name].words}
          </option>
        ))}
      </Select>
      <Select
        aria-label={`Test of condition ${number}`}
        value={test.test}
        onChange={({ target }) => onEdit({ kind: "test", path, to: withTest(test, target.value) })}
      >
        {testsByKind[facts[fact].kind].map(({ test: name, words }) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </Select>
      <div className="flex flex-col gap-2 sm:col-span-2">
        <ValueField
          row={test}
          protocol={place.protocol}
          number={number}
          problemId={problem === undefined ? undefined : problemId}
          onChange={(value) => onEdit({ kind: "value", path, value })}
        />
        {problem !== undefined && (
          <p id={problemId} className="text-deny [overflow-wrap:anywhere]">
            {problem}
          </p>
        )}
        {test.test === "inList" && test.value !== "" && (
          <p>
            <ListLink name={test.value} />
          </p>
        )}
        {test.test === "pattern" && (
          <PatternTest pattern={test.value} fact={fact} label={`Try the pattern of condition ${number}`} />
        )}
      </div>
    </div>
  );
}

function withFact({ fact, test, value }: ConditionTest, name: string, protocol: Protocol) {
  const next = factNamed(name) ?? fact;
  const tests = testsByKind[facts[next].kind];
  const kept = tests.some((one) => one.test === test) ? test : (tests[0]?.test ?? "is");
  return { fact: next, test: kept, value: sameChoices(next, fact, protocol) ? valueFor(kept, value) : "" };
}

function withTest({ fact, value }: ConditionTest, test: string) {
  return { fact, test, value: valueFor(test, value) };
}

/** Only `in` has lines. */
function valueFor(test: string, value: string): string {
  return test === "in" ? value : (value.split("\n")[0] ?? "");
}

/** Whether a value of the one can be one of the other: not where either has readings of its own. */
function sameChoices(a: FactName, b: FactName, protocol: Protocol): boolean {
  return factChoices(a, protocol) === factChoices(b, protocol) && (a === "dictionary") === (b === "dictionary");
}
