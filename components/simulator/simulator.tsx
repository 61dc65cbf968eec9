"use client";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { PolicyTestView } from "#lib/policy-tests/queries.ts";
import { tryMessageAction } from "#lib/simulator/actions.ts";
import type { PastMessage, SimulatorChoices } from "#lib/simulator/queries.ts";
import type { Tried } from "#lib/simulator/try-message.ts";
import { EnvelopeFields } from "./envelope-fields.tsx";
import { MessageFields } from "./message-fields.tsx";
import { SaveTest } from "./save-test.tsx";
import { draftOf, draftOfTest, type SimulatorDraft, tryOf } from "./simulator-draft.ts";
import { TriedResult } from "./tried-result.tsx";

type SimulatorProps = {
  choices: SimulatorChoices;
  past: PastMessage | null;
  /** A policy test that is opened here. */
  test: PolicyTestView | null;
};

/** Tries a message against a policy; nothing is sent, kept or counted. */
export function Simulator({ choices, past, test }: SimulatorProps) {
  const [draft, setDraft] = useState<SimulatorDraft>(() =>
    test === null ? first(choices, past) : draftOfTest(test.test),
  );
  const [tried, setTried] = useState<Tried | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, startTransition] = useTransition();
  const change = (part: Partial<SimulatorDraft>) => setDraft({ ...draft, ...part });

  async function tryIt() {
    const result = await answered(tryMessageAction(tryOf(draft, past?.id ?? null, new Date())));
    setRefusal(result.ok ? null : result.error.message);
    setTried(result.ok ? result.value : null);
  }

  return (
    <div className="grid gap-4 xl:grid-cols-[minmax(0,26rem)_minmax(0,1fr)]">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          startTransition(tryIt);
        }}
      >
        <Panel title="Envelope">
          <EnvelopeFields draft={draft} choices={choices} onChange={change} />
        </Panel>
        <Panel title="Message">
          <MessageFields draft={draft} past={past} onChange={change} />
        </Panel>
        <Button type="submit" variant="primary" className="self-start" disabled={busy}>
          {busy ? "Trying…" : "Try it"}
        </Button>
      </form>
      <div className="flex min-w-0 flex-col gap-4" aria-live="polite">
        {refusal !== null && <Notice kind="fault">{refusal}</Notice>}
        {tried === null && refusal === null && (
          <Notice kind="info">
            The worker’s own engine judges it, as it would judge it on the wire; nothing is sent, kept or counted. What
            would become of it appears here.
          </Notice>
        )}
        {tried !== null && <TriedResult tried={tried} />}
        {tried !== null && <SaveTest draft={draft} tried={tried} opened={test} />}
      </div>
    </div>
  );
}

function first({ interfaces }: SimulatorChoices, past: PastMessage | null): SimulatorDraft {
  if (past !== null) return draftOf(past.input, past.kept === null ? "none" : "kept");
  const input = {
    port: null,
    client: "192.0.2.7",
    helo: "client.example",
    tls: false,
    user: null,
    sender: "",
    recipients: [],
  };
  return draftOf({ ...input, interface: interfaces[0] ?? "" }, "given");
}
