"use client";
import { useState } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { ChoiceField, NameField, TextField } from "#components/ui/form-fields.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { type Verdict, verdictSchema } from "#core/contract/decision.ts";
import type { PolicyTest } from "#core/contract/policy-test.ts";
import { faredOf } from "#core/policy/judge-test.ts";
import { addPolicyTestAction, editPolicyTestAction } from "#lib/policy-tests/actions.ts";
import type { PolicyTestView } from "#lib/policy-tests/queries.ts";
import type { Tried } from "#lib/simulator/try-message.ts";
import { type SimulatorDraft, testOf } from "./simulator-draft.ts";

type SaveTestProps = {
  draft: SimulatorDraft;
  tried: Tried;
  /** The test that was opened here, or null. */
  opened: PolicyTestView | null;
};

/** Keeps what was tried as a policy test, which must fare so whenever the policy is published. */
export function SaveTest({ draft, tried, opened }: SaveTestProps) {
  const toast = useToast();
  const [{ verdict: fared, rule } = { verdict: "allow" as const, rule: null }] = faredOf(tried);
  const before = opened?.test;
  const [name, setName] = useState(before?.name ?? "");
  const [verdict, setVerdict] = useState<string>(before?.must.verdict[0] ?? fared);
  const [byRule, setByRule] = useState(before?.must.rule !== undefined);
  const [reply, setReply] = useState(before?.must.reply ?? "");
  const [refusal, setRefusal] = useState<string | null>(null);

  async function save() {
    const must: PolicyTest["must"] = {
      verdict: [verdictSchema.parse(verdict)],
      ...(byRule && rule !== null ? { rule } : {}),
      ...(reply.trim() === "" ? {} : { reply: reply.trim() }),
    };
    const test = testOf(draft, name.trim(), must);
    if (typeof test === "string") return setRefusal(test);
    const result =
      opened === null
        ? await answered(addPolicyTestAction(test))
        : await answered(editPolicyTestAction({ testId: opened.id, version: opened.version, test }));
    setRefusal(result.ok ? null : result.error.message);
    if (result.ok) toast("done", `Policy test “${test.name}” saved to the draft.`);
  }

  return (
    <Panel title={opened === null ? "Save as a policy test" : "Save the policy test"}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {refusal !== null && <Notice kind="fault">{refusal}</Notice>}
        <NameField value={name} problem={undefined} onChange={setName} />
        <ChoiceField
          label="It must be"
          help="Whenever the draft is published; else publishing is refused."
          value={verdict}
          problem={undefined}
          choices={verdicts(fared)}
          onChange={setVerdict}
        />
        {rule !== null && (
          <Checkbox
            label={`And decided by the rule “${rule}”`}
            checked={byRule}
            onChange={({ target }) => setByRule(target.checked)}
          />
        )}
        <TextField
          label="And the client hears"
          help="A part of a reply, such as 550 5.7.1; empty: whatever."
          value={reply}
          problem={undefined}
          maxLength={200}
          onChange={setReply}
        />
        <Button type="submit" className="self-start">
          Save to draft
        </Button>
      </form>
    </Panel>
  );
}

function verdicts(fared: Verdict) {
  const all = verdictSchema.options.filter((verdict) => verdict !== "replace");
  return all.map((value) => ({ value, words: value === fared ? `${value} (as now)` : value }));
}
