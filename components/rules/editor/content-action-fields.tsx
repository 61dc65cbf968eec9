"use client";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { type Choice, ChoiceField, TextField } from "#components/ui/form-fields.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import type { ActionKind } from "#core/contract/action.ts";
import type { Stage } from "#core/contract/facts.ts";
import { noticeVariables } from "#core/contract/notice.ts";
import { quarantineCauses } from "#core/contract/quarantine.ts";
import type { ContentForm } from "./content-action-form.ts";
import { useRuleChoices } from "./rule-choices.tsx";

type ContentActionFieldsProps = {
  kind: ActionKind;
  ruleset: Stage;
  form: ContentForm;
  errors: Partial<Record<string, string>>;
  onChange: (form: ContentForm) => void;
};

/** What an action on a part or a message is told besides its kind. */
export function ContentActionFields({ kind, ruleset, form, errors, onChange }: ContentActionFieldsProps) {
  const set = (change: Partial<ContentForm>) => onChange({ ...form, ...change });
  switch (kind) {
    case "strip":
      return ruleset === "attachment" ? <NoticeField form={form} set={set} /> : null;
    case "lock":
      return (
        <>
          <NoticeField form={form} set={set} />
          <DaysField form={form} problem={errors.days} byDefault={quarantineCauses.attachment} set={set} />
        </>
      );
    case "quarantine":
      return <QuarantineFields form={form} errors={errors} set={set} />;
    case "hold":
      return <DaysField form={form} problem={errors.days} byDefault={quarantineCauses.approval} set={set} />;
    case "discard":
      return (
        <Checkbox
          label="I mean it: the sender hears 250, the recipient nothing, and the message is gone for good."
          checked={form.confirmed}
          onChange={({ target }) => set({ confirmed: target.checked })}
        />
      );
    case "replace-part":
      return <ReplacementFields form={form} errors={errors} set={set} />;
    case "modify":
      return <ModifyFields form={form} errors={errors} set={set} />;
    default:
      return null;
  }
}

type PartProps = { form: ContentForm; set: (change: Partial<ContentForm>) => void };
type PartWithErrors = PartProps & { errors: Partial<Record<string, string>> };

function NoticeField({ form, set }: PartProps) {
  const { notices } = useRuleChoices();
  const choices: Choice[] = [
    { value: "", words: "Our own, in the language of the settings" },
    ...notices.map((name) => ({ value: name, words: name })),
  ];
  return (
    <ChoiceField
      label="Notice"
      help="Stands in its place."
      value={form.notice}
      problem={undefined}
      choices={choices}
      onChange={(notice) => set({ notice })}
    />
  );
}

function DaysField({
  form,
  problem,
  byDefault,
  set,
}: PartProps & { problem: string | undefined; byDefault: number | null }) {
  const usual = byDefault === null ? "as the cause has it" : String(byDefault);
  return (
    <TextField
      label="Kept for (days)"
      help={`From 1 to 3,650; empty: ${usual}.`}
      inputMode="numeric"
      className="max-w-40"
      value={form.days}
      problem={problem}
      onChange={(days) => set({ days })}
    />
  );
}

function QuarantineFields({ form, errors, set }: PartWithErrors) {
  const causes = Object.entries(quarantineCauses).filter(([cause]) => cause !== "approval");
  const choices: Choice[] = [
    { value: "", words: "As the rule's conditions say" },
    ...causes.map(([cause, days]) => ({ value: cause, words: `${cause} (${days} days)` })),
  ];
  return (
    <>
      <ChoiceField
        label="Cause"
        help="How it is listed, and how long it is kept."
        value={form.cause}
        problem={errors.cause}
        choices={choices}
        onChange={(cause) => set({ cause })}
      />
      <DaysField form={form} problem={errors.days} byDefault={null} set={set} />
    </>
  );
}

function ReplacementFields({ form, errors, set }: PartWithErrors) {
  return (
    <>
      <TextField
        label="File name"
        maxLength={200}
        value={form.fileName}
        problem={errors.fileName}
        onChange={(fileName) => set({ fileName })}
      />
      <TextField
        label="Content type"
        maxLength={100}
        value={form.contentType}
        problem={errors.contentType}
        onChange={(contentType) => set({ contentType })}
      />
      <TemplateField
        label="Text"
        rows={4}
        value={form.text}
        problem={form.text === "" ? undefined : errors.text}
        onChange={(text) => set({ text })}
      />
    </>
  );
}

function ModifyFields({ form, errors, set }: PartWithErrors) {
  return (
    <>
      <TextField
        label="Tag in the subject"
        help="Before the subject, unless it stands there already."
        maxLength={100}
        placeholder="[EXTERNAL]"
        value={form.tag}
        problem={errors.tag}
        onChange={(tag) => set({ tag })}
      />
      <TemplateField
        label="Header lines"
        help="One a line: add X-Name: value, replace X-Name: value, remove X-Name."
        rows={2}
        value={form.headers}
        problem={errors.headers}
        onChange={(headers) => set({ headers })}
      />
      <TemplateField
        label="Banner"
        help="In the text, and in the HTML where it has no HTML of its own."
        rows={2}
        value={form.bannerText}
        problem={errors.banner}
        onChange={(bannerText) => set({ bannerText })}
      />
      <TemplateField
        label="Banner as HTML"
        help="Empty: made from the text."
        rows={2}
        value={form.bannerHtml}
        problem={undefined}
        onChange={(bannerHtml) => set({ bannerHtml })}
      />
      <ChoiceField
        label="Banner stands"
        value={form.bannerAt}
        problem={undefined}
        choices={[
          { value: "top", words: "At the top" },
          { value: "bottom", words: "At the bottom" },
        ]}
        onChange={(at) => set({ bannerAt: at === "bottom" ? "bottom" : "top" })}
      />
    </>
  );
}

type TemplateFieldProps = {
  label: string;
  help?: string;
  rows: number;
  value: string;
  problem: string | undefined;
  onChange: (value: string) => void;
};

/** Text with the variables of notices. */
function TemplateField({ label, help = "", rows, value, problem, onChange }: TemplateFieldProps) {
  const variables = noticeVariables.map((name) => `%(${name})%`).join(" ");
  return (
    <Field
      label={label}
      hint={<span title={variables}>{help} Variables as in notices: %(subject)%.</span>}
      error={problem}
    >
      {(control) => (
        <Textarea
          {...control}
          className="font-mono"
          rows={rows}
          maxLength={8_000}
          spellCheck={false}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}
