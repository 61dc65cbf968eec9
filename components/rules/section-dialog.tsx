"use client";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { ruleSchema } from "#core/contract/rule.ts";
import type { RuleView } from "#lib/policies/queries.ts";

type SectionDialogProps = {
  rules: readonly RuleView[];
  /** Those that there are. */
  sections: readonly string[];
  onClose: () => void;
  /** null: in none. */
  onChoose: (section: string | null) => void;
};

/** Puts rules into a section, by a name that is there or a new one, or takes them out. */
export function SectionDialog({ rules, sections, onClose, onChoose }: SectionDialogProps) {
  const [only] = rules;
  const what = rules.length === 1 && only !== undefined ? `rule “${only.rule.name}”` : `${rules.length} rules`;
  const [name, setName] = useState(only?.rule.section ?? "");
  const wanted = name.trim() === "" ? null : name.trim();
  const read = ruleSchema.shape.section.safeParse(wanted ?? undefined);
  function choose() {
    if (!read.success) return;
    onChoose(wanted);
    onClose();
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Section of ${what}`}
      holdsInput
      footer={
        <>
          <Button onClick={onClose}>Keep as it is</Button>
          <Button variant="primary" disabled={!read.success} onClick={choose}>
            {wanted === null ? `Take ${what} out of sections` : `Put ${what} into “${wanted}”`}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          choose();
        }}
      >
        <Field
          label="Section"
          hint="Rules one after the other with the same section stand under its heading; they stay where they are. Empty: none."
          error={read.success ? undefined : read.error.issues[0]?.message}
        >
          {(control) => (
            <>
              <Input
                {...control}
                value={name}
                list="rule-sections"
                maxLength={100}
                onChange={({ target: { value } }) => setName(value)}
              />
              <datalist id="rule-sections">
                {sections.map((section) => (
                  <option key={section}>{section}</option>
                ))}
              </datalist>
            </>
          )}
        </Field>
      </form>
    </Dialog>
  );
}
