"use client";
import { Field } from "#components/ui/field.tsx";
import { NameField } from "#components/ui/form-fields.tsx";
import type { FormProblems } from "#components/ui/read-form.ts";
import { Textarea } from "#components/ui/textarea.tsx";
import { noticeVariables } from "#core/contract/notice.ts";
import type { NoticeDraft } from "./inspection-draft.ts";

type NoticeFieldsProps = {
  draft: NoticeDraft;
  problems: FormProblems;
  set: (change: Partial<NoticeDraft>) => void;
};

export function NoticeFields({ draft, problems, set }: NoticeFieldsProps) {
  return (
    <>
      <NameField value={draft.name} problem={problems.name} onChange={(name) => set({ name })} />
      <Field
        label="Text"
        hint={`Variables: ${noticeVariables.map((name) => `%(${name})%`).join(" ")}.`}
        error={problems.text}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={8}
            maxLength={8_000}
            value={draft.text}
            onChange={({ target }) => set({ text: target.value })}
          />
        )}
      </Field>
      <Field
        label="HTML"
        hint="Where HTML is replaced; the variables are the same. Empty: made from the text."
        error={problems.html}
      >
        {(control) => (
          <Textarea
            {...control}
            className="font-mono"
            rows={4}
            maxLength={32_000}
            spellCheck={false}
            value={draft.html}
            onChange={({ target }) => set({ html: target.value })}
          />
        )}
      </Field>
    </>
  );
}
