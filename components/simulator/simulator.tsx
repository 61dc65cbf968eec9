"use client";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { FormNotices } from "#components/ui/form-notices.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { type FormProblems, problemsSoFar } from "#components/ui/read-form.ts";
import { searchHref } from "#components/ui/search-href.ts";
import { useMay } from "#components/ui/signed-in.tsx";
import { useDraftForm } from "#components/ui/use-draft-form.ts";
import { useOpened } from "#components/ui/use-opened.ts";
import { policyTestSchema } from "#core/contract/policy-test.ts";
import { faredOf } from "#core/policy/judge-test.ts";
import { addPolicyTestAction, editPolicyTestAction } from "#lib/policy-tests/actions.ts";
import type { PolicyTestView } from "#lib/policy-tests/queries.ts";
import { tryMessageAction } from "#lib/simulator/actions.ts";
import type { PastMessage, SimulatorChoices } from "#lib/simulator/queries.ts";
import type { Tried } from "#lib/simulator/try-message.ts";
import { MessageFields } from "./message-fields.tsx";
import { PolicyFields } from "./policy-fields.tsx";
import { keptOf } from "./rule-trial.tsx";
import { SaveTest } from "./save-test.tsx";
import { blankDraft, draftOf, readTrial, type SimulatorDraft } from "./simulator-draft.ts";
import { draftOfTest, newTest, readTestDraft } from "./test-draft.ts";
import { TriedResult } from "./tried-result.tsx";

type SimulatorProps = {
  choices: SimulatorChoices;
  /** The interface that the pages are of; null: none in particular. */
  scope: string | null;
  past: PastMessage | null;
  /** A policy test that is opened here. */
  test: PolicyTestView | null;
};

/** Tries a message against a policy; nothing is sent, kept or counted. What is tried can become a policy test of the draft. */
export function Simulator({ choices, scope, past, test }: SimulatorProps) {
  const router = useRouter();
  const { opened, meanwhile } = useOpened(test);
  const mayRead = useMay("read-mail");
  const [initial] = useState(() =>
    opened === null ? newTest(first(choices, { scope, past, mayRead })) : draftOfTest(opened.test),
  );
  const [tried, setTried] = useState<Tried | null>(null);
  const [fared = { verdict: "allow" as const, rule: null }] = tried?.by === "session" ? faredOf(tried) : [];
  const [refusal, setRefusal] = useState<string | null>(null);
  const [problems, setProblems] = useState<FormProblems>({});
  const [busy, startTransition] = useTransition();
  const form = useDraftForm({
    closeHref: "/policy-tests",
    object: opened === null ? `new policy test${past === null ? "" : ` of ${past.id}`}` : `policy test ${opened.id}`,
    opened: opened === null ? null : { version: opened.version, value: opened.test },
    initial,
    schema: policyTestSchema,
    draftOf: draftOfTest,
    read: (typed) => readTestDraft(typed, fared.verdict),
  });
  const { draft } = form;
  const [shownAt, setShownAt] = useState(scope);
  if (scope !== shownAt) {
    setShownAt(scope);
    if (scope !== null) form.set({ interface: scope });
  }

  const save = () =>
    form.save({
      ask: (one, version) =>
        opened === null || version === null
          ? addPolicyTestAction(one)
          : editPolicyTestAction({ testId: opened.id, version, test: one }),
      done: ({ name }) => `Policy test “${name}” saved to the draft.`,
    });

  async function tryIt() {
    const asked = readTrial(draft, past?.id ?? null, new Date());
    setProblems(asked.ok ? {} : asked.problems);
    if (!asked.ok) {
      setTried(null);
      return setRefusal("Not tried: some fields need another look. They say why.");
    }
    const result = await answered(tryMessageAction(asked.value));
    setRefusal(result.ok ? null : result.error.message);
    setTried(result.ok ? result.value : null);
  }

  return (
    <div className="flex flex-col gap-4">
      <FormNotices form={form} what="policy test" schema={policyTestSchema} meanwhile={meanwhile} />
      <div className="grid gap-4 xl:grid-cols-[minmax(0,26rem)_minmax(0,1fr)]">
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            startTransition(tryIt);
          }}
        >
          <Panel title="Client">
            <PolicyFields draft={draft} choices={choices} problems={problems} onChange={form.set} />
          </Panel>
          <Panel title="Message">
            <MessageFields
              draft={draft}
              past={past}
              problem={problems["message"]}
              onChange={form.set}
              onPast={(id) => router.push(searchHref("/simulator", { message: id }))}
            />
          </Panel>
          <Button type="submit" variant="primary" className="self-start" disabled={busy}>
            {busy ? "Trying…" : "Try it"}
          </Button>
        </form>
        <div className="flex min-w-0 flex-col gap-4" aria-live="polite">
          {refusal !== null && <Notice kind="fault">{refusal}</Notice>}
          {tried === null && refusal === null && (
            <Notice kind="info">
              The worker’s own engine judges it, as it would judge it on the wire; nothing is sent, kept or counted.
              What would become of it appears here.
            </Notice>
          )}
          {tried !== null && <TriedResult tried={tried} />}
          {tried?.by === "session" && (
            <SaveTest
              title={opened === null ? "Save as a policy test" : "Save the policy test"}
              draft={draft}
              fared={fared}
              problems={problemsSoFar(form.read, form.tried)}
              refusal={form.refusal}
              busy={form.busy}
              onChange={form.set}
              onSave={save}
            />
          )}
        </div>
      </div>
    </div>
  );
}

type First = { scope: string | null; past: PastMessage | null; mayRead: boolean };

function first({ interfaces }: SimulatorChoices, { scope, past, mayRead }: First): SimulatorDraft {
  if (past === null) return blankDraft(scope ?? interfaces[0] ?? "");
  return draftOf(past.input, keptOf(past, mayRead));
}
