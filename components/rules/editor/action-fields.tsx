"use client";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { type ActionKind, legalActions } from "#core/contract/action.ts";
import type { Protocol, Stage } from "#core/contract/facts.ts";
import { type ActionForm, actionEffect, actionErrors, takesReply } from "./action-form.ts";
import { ContentActionFields } from "./content-action-fields.tsx";
import { RewriteFields } from "./rewrite-fields.tsx";

type ActionFieldsProps = {
  form: ActionForm;
  protocol: Protocol;
  ruleset: Stage;
  onChange: (form: ActionForm) => void;
};

/** What happens, and with which words the peer is told. */
export function ActionFields({ form, protocol, ruleset, onChange }: ActionFieldsProps) {
  const errors = actionErrors(form);
  const kinds: readonly ActionKind[] = legalActions(protocol, ruleset);
  const set = (name: "code" | "enhanced" | "text" | "minutes" | "to") => (event: { target: { value: string } }) => {
    onChange({ ...form, [name]: event.target.value });
  };
  return (
    <div className="flex flex-col gap-3">
      <Field label="Action" hint={actionEffect(protocol, form.kind)}>
        {(control) => (
          <Select
            {...control}
            value={form.kind}
            onChange={({ target }) =>
              onChange({ ...form, kind: kinds.find((kind) => kind === target.value) ?? form.kind })
            }
          >
            {kinds.map((kind) => (
              <option key={kind}>{kind}</option>
            ))}
          </Select>
        )}
      </Field>
      {form.kind === "block" && (
        <Field label="Minutes" hint="From 1 to 10,080 (7 d); default 20." error={errors.minutes}>
          {(control) => <Input {...control} inputMode="numeric" value={form.minutes} onChange={set("minutes")} />}
        </Field>
      )}
      {(form.kind === "redirect" || form.kind === "copy") && (
        <Field label="To" hint="One address: user@example.org." error={form.to === "" ? undefined : errors.to}>
          {(control) => (
            <Input {...control} className="font-mono" maxLength={320} value={form.to} onChange={set("to")} />
          )}
        </Field>
      )}
      {form.kind === "rewrite" && (
        <RewriteFields
          form={form.rewrite}
          sender={ruleset === "sender"}
          problem={errors.rewrite}
          onChange={(rewrite) => onChange({ ...form, rewrite })}
        />
      )}
      <ContentActionFields
        kind={form.kind}
        ruleset={ruleset}
        form={form.content}
        errors={errors}
        onChange={(content) => onChange({ ...form, content })}
      />
      {takesReply(form.kind) && protocol === "smtp" && (
        <fieldset className="grid grid-cols-2 gap-3 rounded-md border border-line p-3">
          <legend className="px-1 font-medium">Reply to the sender (optional)</legend>
          <Field label="Code" error={errors.code}>
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                placeholder={form.kind === "tempfail" ? "451" : "550"}
                value={form.code}
                onChange={set("code")}
              />
            )}
          </Field>
          <Field label="Enhanced code" error={errors.enhanced}>
            {(control) => (
              <Input
                {...control}
                placeholder={form.kind === "tempfail" ? "4.7.1" : "5.7.1"}
                value={form.enhanced}
                onChange={set("enhanced")}
              />
            )}
          </Field>
          <div className="col-span-2">
            <Field label="Text" error={errors.text} hint="ASCII, one line. The message's id is put after it.">
              {(control) => (
                <Input {...control} placeholder="Message refused by policy" value={form.text} onChange={set("text")} />
              )}
            </Field>
          </div>
        </fieldset>
      )}
    </div>
  );
}
