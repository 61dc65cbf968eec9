"use client";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { ruleStateSchema } from "#core/contract/rule.ts";
import { ruleSentence } from "#core/policy/explain.ts";
import type { RulePlace } from "#lib/proxy-actions/queries.ts";
import { ActionFields } from "./action-fields.tsx";
import { ConditionEditor } from "./condition-editor.tsx";
import { ExpiryField } from "./expiry-field.tsx";
import { type RuleDraft, type RuleProblems, sentenceParts } from "./rule-draft.ts";

type RuleFieldsProps = {
  draft: RuleDraft;
  place: RulePlace;
  problems: RuleProblems;
  /** Whether it was to be saved: what is not filled in is said from then on. */
  tried: boolean;
  onChange: (change: Partial<RuleDraft>) => void;
};

/** The fields of one rule under its sentence. */
export function RuleFields({ draft, place, problems, tried, onChange }: RuleFieldsProps) {
  return (
    <>
      <Sentence draft={draft} />
      <Field label="Name" error={problems.name}>
        {(control) => (
          <Input
            {...control}
            value={draft.name}
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- else the drawer opens on the button that closes it
            autoFocus
            maxLength={100}
            onChange={({ target: { value } }) => onChange({ name: value })}
          />
        )}
      </Field>
      <Field label="State" hint="Observe evaluates, counts and records what it would do, and never enforces.">
        {(control) => (
          <Select
            {...control}
            value={draft.state}
            onChange={({ target: { value } }) => onChange({ state: ruleStateSchema.parse(value) })}
          >
            <option value="on">On</option>
            <option value="observe">Observe</option>
            <option value="off">Off</option>
          </Select>
        )}
      </Field>
      <ConditionEditor
        text={draft.condition}
        place={place}
        tried={tried}
        onChange={(condition) => onChange({ condition })}
      />
      <ActionFields
        form={draft.action}
        protocol={place.protocol}
        ruleset={place.ruleset}
        onChange={(action) => onChange({ action })}
      />
      {problems.action !== undefined && <Notice kind="fault">{problems.action}</Notice>}
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        <Checkbox
          label="Log matches"
          checked={draft.log}
          onChange={({ target: { checked } }) => onChange({ log: checked })}
        />
        <Checkbox
          label="Alarm: a match asks for attention on the overview"
          checked={draft.alarm}
          onChange={({ target: { checked } }) => onChange({ alarm: checked })}
        />
      </div>
      <Field
        label="Section (optional)"
        hint="Rules one after the other with the same section stand under its heading. It decides nothing."
        error={problems.section}
      >
        {(control) => (
          <Input
            {...control}
            value={draft.section}
            maxLength={100}
            onChange={({ target: { value } }) => onChange({ section: value })}
          />
        )}
      </Field>
      <ExpiryField expires={draft.expires} onChange={(expires) => onChange({ expires })} />
    </>
  );
}

function Sentence({ draft }: { draft: RuleDraft }) {
  const parts = sentenceParts(draft);
  return (
    <p aria-live="polite" className="rounded-md bg-sunken p-3 [overflow-wrap:anywhere]">
      {parts === null ? (
        <span className="text-muted">The sentence appears once the conditions are complete.</span>
      ) : (
        ruleSentence(parts)
      )}
    </p>
  );
}
