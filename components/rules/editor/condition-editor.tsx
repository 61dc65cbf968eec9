"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { conditionSchema } from "#core/contract/condition.ts";
import type { RulePlace } from "#lib/proxy-actions/queries.ts";
import { ConditionFields } from "./condition-fields.tsx";
import { conditionOf, formOf } from "./condition-rows.ts";
import type { RuleDraft } from "./rule-draft.ts";

const ConditionYaml = dynamic(() => import("./condition-yaml.tsx").then((module) => module.ConditionYaml), {
  loading: () => <Skeleton rows={4} label="Loading the editor" />,
  ssr: false,
});

type ConditionEditorProps = {
  draft: RuleDraft;
  place: RulePlace;
  problem: string | undefined;
  onChange: (change: Partial<RuleDraft>) => void;
};

/** The conditions as a form, or as YAML where the form cannot show them; nothing is lost on the way. */
export function ConditionEditor({ draft, place, problem, onChange }: ConditionEditorProps) {
  const { conditions, yaml } = draft;
  const [initialYaml, setInitialYaml] = useState<unknown>(yaml?.ok ? yaml.when : undefined);
  const backTo = yaml?.ok ? formOf(yaml.when) : null;
  function toYaml() {
    const input = conditionOf(conditions);
    setInitialYaml(input);
    const parsed = conditionSchema.optional().safeParse(input);
    const problem = "The condition is not complete.";
    onChange({ yaml: parsed.success ? { ok: true, when: parsed.data } : { ok: false, problem } });
  }
  return (
    <fieldset className="flex flex-col gap-2 rounded-md border border-line p-3">
      <legend className="px-1 font-medium">If</legend>
      {yaml === null ? (
        <ConditionFields form={conditions} place={place} onChange={(form) => onChange({ conditions: form })} />
      ) : (
        <ConditionYaml initial={initialYaml} onChange={(read) => onChange({ yaml: read })} />
      )}
      {problem !== undefined && <Notice kind="fault">{problem}</Notice>}
      {yaml === null ? (
        <Button variant="quiet" size="small" className="self-start" onClick={toYaml}>
          Edit as YAML
        </Button>
      ) : (
        <Button
          variant="quiet"
          size="small"
          className="self-start"
          disabled={backTo === null}
          title={backTo === null ? "Groups within groups can only be edited as YAML" : undefined}
          onClick={() => backTo !== null && onChange({ yaml: null, conditions: backTo })}
        >
          Edit as a form
        </Button>
      )}
    </fieldset>
  );
}
