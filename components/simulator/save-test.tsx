"use client";
import { Button } from "#components/ui/button.tsx";
import { ChoiceField, NameField, TextField } from "#components/ui/form-fields.tsx";
import { useDraftClosed } from "#components/ui/managed-draft.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { type FormProblems, problemAt } from "#components/ui/read-form.ts";
import { type Verdict, verdictSchema } from "#core/contract/decision.ts";
import type { TestDraft } from "./test-draft.ts";

type SaveTestProps = {
  title: string;
  draft: TestDraft;
  fared: { verdict: Verdict; rule: string | null };
  problems: FormProblems;
  /** Why it could not be saved: what was typed stays. */
  refusal: string | null;
  busy: boolean;
  onChange: (change: Partial<TestDraft>) => void;
  onSave: () => void;
};

/** Keeps what was tried as a policy test, which must fare so whenever the policy is published. */
export function SaveTest({ title, draft, fared, problems, refusal, busy, onChange, onSave }: SaveTestProps) {
  const closed = useDraftClosed();
  const elsewhere = Object.entries(problems).filter(([path]) => path !== "name" && path !== "must.reply");
  return (
    <Panel title={title}>
      <form
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          onSave();
        }}
      >
        {refusal !== null && (
          <Notice kind="fault">
            <span className="whitespace-pre-line">{[refusal, ...elsewhere.map(([, words]) => words)].join("\n")}</span>
          </Notice>
        )}
        {closed !== null && <Notice kind="info">{closed}</Notice>}
        <NameField value={draft.name} problem={problems["name"]} onChange={(name) => onChange({ name })} />
        <ChoiceField
          label="It must be"
          help="Whenever the draft is published; else publishing is refused."
          value={draft.verdict === "" ? fared.verdict : draft.verdict}
          problem={undefined}
          choices={verdictChoices(draft, fared.verdict)}
          onChange={(verdict) => onChange({ verdict })}
        />
        {(fared.rule !== null || draft.rule !== null) && (
          <ChoiceField
            label="And decided by"
            value={draft.rule ?? ""}
            problem={undefined}
            choices={ruleChoices(draft.rule, fared.rule)}
            onChange={(rule) => onChange({ rule: rule === "" ? null : rule })}
          />
        )}
        <TextField
          label="And the client hears"
          help={`A part of a reply, such as ${draft.protocol === "pop3" ? "-ERR" : "550 5.7.1"}; empty: whatever.`}
          value={draft.reply}
          problem={problemAt(problems, "must.reply")}
          maxLength={200}
          onChange={(reply) => onChange({ reply })}
        />
        <Button type="submit" className="self-start" disabled={busy || closed !== null}>
          Save to draft
        </Button>
      </form>
    </Panel>
  );
}

function verdictChoices({ verdict, protocol }: TestDraft, fared: Verdict) {
  const single: string[] = verdictSchema.options.filter((one) => one !== "replace" || protocol === "pop3");
  const all = verdict === "" || single.includes(verdict) ? single : [...single, verdict];
  return all.map((value) => ({ value, words: value === fared ? `${value} (as now)` : value }));
}

function ruleChoices(wanted: string | null, fared: string | null) {
  const names = [...new Set([fared, wanted])].filter((name) => name !== null);
  const words = (name: string) => `the rule “${name}”${name === fared ? " (as now)" : ""}`;
  return [{ value: "", words: "whatever decides" }, ...names.map((name) => ({ value: name, words: words(name) }))];
}
