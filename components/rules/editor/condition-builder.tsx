"use client";
import { Plus, X } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Select } from "#components/ui/select.tsx";
import { conditionDepthMax } from "#core/contract/condition.ts";
import { facts } from "#core/contract/facts.ts";
import type { ConditionEdit } from "#core/policy/condition-edit.ts";
import { type ConditionGroup, joinNamed, testsByKind } from "#core/policy/condition-tree.ts";
import type { RulePlace } from "#lib/proxy-actions/queries.ts";
import { firstFact } from "../stages.ts";
import { type FieldProblem, leadsTo } from "./condition-problems.ts";
import { TestFields } from "./test-fields.tsx";

type ConditionBuilderProps = {
  group: ConditionGroup;
  /** Of the group within the whole condition: empty, else `2.1`. */
  number?: string;
  depth?: number;
  place: RulePlace;
  problems: readonly FieldProblem[];
  onEdit: (edit: ConditionEdit) => void;
};

/** A group of conditions and of groups: each condition is a fact, a test and a value. */
export function ConditionBuilder({ group, number = "", depth = 1, place, problems, onEdit }: ConditionBuilderProps) {
  const { items, join, path } = group;
  const added = newTest(place);
  const isEmpty = items.length === 0 && number === "";
  const opposite = join === "any" ? "all" : "any";
  return (
    <div className="flex min-w-0 grow flex-col gap-2">
      {isEmpty && <p className="text-muted">No condition: the rule matches everything that reaches it.</p>}
      {!isEmpty && (
        <div className="flex items-center gap-2">
          <div className="w-24">
            <Select
              aria-label={`How many of the conditions${number === "" ? "" : ` of group ${number}`} must hold`}
              value={join}
              onChange={({ target }) => onEdit({ kind: "join", path, join: joinNamed(target.value) ?? join })}
            >
              <option value="all">All</option>
              <option value="any">Any</option>
              <option value="none">None</option>
            </Select>
          </div>
          of these hold
          {number !== "" && <RemoveButton what={`group ${number}`} onRemove={() => onEdit({ kind: "remove", path })} />}
        </div>
      )}
      <ul className="flex flex-col gap-2">
        {items.map((item, index) => {
          const own = number === "" ? `${index + 1}` : `${number}.${index + 1}`;
          return (
            <li key={item.path.join("/")} className="flex gap-2 rounded-md border border-line p-2">
              {item.kind === "group" ? (
                <ConditionBuilder
                  group={item}
                  number={own}
                  depth={depth + 1}
                  place={place}
                  problems={problems}
                  onEdit={onEdit}
                />
              ) : (
                <>
                  <TestFields
                    test={item}
                    number={own}
                    place={place}
                    problem={problems.find((problem) => leadsTo(problem.path, item.path))?.message}
                    onEdit={onEdit}
                  />
                  <RemoveButton
                    what={`condition ${own}`}
                    onRemove={() => onEdit({ kind: "remove", path: item.path })}
                  />
                </>
              )}
            </li>
          );
        })}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button size="small" onClick={() => onEdit({ kind: "add-test", path, added })}>
          <Plus aria-hidden size={14} />
          Add condition{number !== "" && ` to group ${number}`}
        </Button>
        {items.length > 0 && depth < conditionDepthMax - 1 && (
          <Button size="small" onClick={() => onEdit({ kind: "add-group", path, join: opposite, added })}>
            <Plus aria-hidden size={14} />
            Add group{number !== "" && ` to group ${number}`}
          </Button>
        )}
      </div>
    </div>
  );
}

function RemoveButton({ what, onRemove }: { what: string; onRemove: () => void }) {
  return (
    <Button className="ms-auto" variant="quiet" size="icon" aria-label={`Remove ${what}`} onClick={onRemove}>
      <X aria-hidden size={16} />
    </Button>
  );
}

function newTest({ ruleset }: RulePlace) {
  const fact = firstFact(ruleset);
  return { fact, test: testsByKind[facts[fact].kind][0]?.test ?? "is", value: "" };
}
