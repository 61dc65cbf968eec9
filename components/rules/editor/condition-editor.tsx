"use client";
import { useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { type ConditionEdit, editCondition } from "#core/policy/condition-edit.ts";
import { type ConditionGroup, conditionTree, testsAmong } from "#core/policy/condition-tree.ts";
import { parseConditionText } from "#core/policy/condition-yaml.ts";
import type { RulePlace } from "#lib/proxy-actions/queries.ts";
import { ConditionBuilder } from "./condition-builder.tsx";
import { conditionProblems, type FieldProblem, leadsTo } from "./condition-problems.ts";
import { ConditionYaml } from "./condition-yaml.tsx";
import { useConditionPlace } from "./rule-choices.tsx";

type ConditionEditorProps = {
  /** The condition as YAML. */
  text: string;
  place: RulePlace;
  /** Whether it was to be saved: what is not filled in is said from then on. */
  tried: boolean;
  onChange: (text: string) => void;
};

/** The conditions as groups to build, or as YAML: both are the same text, so nothing is lost on the way. */
export function ConditionEditor({ text, place, tried, onChange }: ConditionEditorProps) {
  const problems = conditionProblems(text, useConditionPlace(place)).filter(({ blank }) => tried || !blank);
  const tree = treeOf(text);
  const [asYaml, setAsYaml] = useState(tree === null);
  const [removals, setRemovals] = useState(0);
  const fields = useRef<HTMLFieldSetElement>(null);
  function edit(made: ConditionEdit) {
    onChange(editCondition(text, made));
    if (made.kind !== "remove") return;
    // What stood behind has another place now; the focus must not be lost with what is gone.
    setRemovals(removals + 1);
    fields.current?.focus();
  }
  const shown = asYaml || tree === null;
  const elsewhere = tree === null ? problems : problems.filter((problem) => !isOfTest(problem, tree));
  return (
    <fieldset ref={fields} tabIndex={-1} className="flex min-w-0 flex-col gap-2 rounded-md border border-line p-3">
      <legend className="px-1 font-medium">If</legend>
      {shown ? (
        <ConditionYaml text={text} problem={problems.map(inYaml).join(" ") || undefined} onChange={onChange} />
      ) : (
        <ConditionBuilder key={removals} group={tree} place={place} problems={problems} onEdit={edit} />
      )}
      {!shown && elsewhere[0] !== undefined && <Notice kind="fault">{inYaml(elsewhere[0])}</Notice>}
      <Button
        variant="quiet"
        size="small"
        className="self-start"
        disabled={shown && tree === null}
        title={tree === null ? "The builder shows what reads as a condition" : undefined}
        onClick={() => setAsYaml(!shown)}
      >
        {shown ? "Edit in the builder" : "Edit as YAML"}
      </Button>
    </fieldset>
  );
}

function treeOf(text: string): ConditionGroup | null {
  const yaml = parseConditionText(text);
  return typeof yaml === "string" ? null : conditionTree(yaml);
}

function isOfTest(problem: FieldProblem, tree: ConditionGroup): boolean {
  return testsAmong(tree).some(({ path }) => leadsTo(problem.path, path));
}

function inYaml({ path, message }: FieldProblem): string {
  return path.length === 0 ? message : `${path.join(".")}: ${message}`;
}
