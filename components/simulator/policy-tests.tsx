"use client";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { useDraftClosed } from "#components/ui/managed-draft.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { copyName } from "#core/policy/copy-name.ts";
import { addPolicyTestAction, deletePolicyTestAction } from "#lib/policy-tests/actions.ts";
import type { PolicyTestView } from "#lib/policy-tests/queries.ts";
import type { TestRun } from "#lib/policy-tests/run.ts";
import { runWords } from "./run-words.ts";
import { useTestRuns } from "./use-test-runs.ts";

/** The tests of the draft, and how they fare when they are run. */
export function PolicyTests({ tests }: { tests: readonly PolicyTestView[] }) {
  const toast = useToast();
  const closed = useDraftClosed();
  const { runs, refusal, busy, run } = useTestRuns();

  async function clone({ test }: PolicyTestView) {
    const name = copyName(test.name, new Set(tests.map((one) => one.test.name)));
    const result = await answered(addPolicyTestAction({ ...test, name }));
    if (!result.ok) toast("fault", result.error.message);
    else toast("done", `“${name}” is a copy of “${test.name}” in the draft.`, result.undo);
  }

  async function remove({ id, version, test }: PolicyTestView) {
    const result = await answered(deletePolicyTestAction({ testId: id, version }));
    if (!result.ok) toast("fault", result.error.message);
    else toast("done", `Policy test “${test.name}” deleted from the draft.`, result.undo);
  }

  if (tests.length === 0) {
    return (
      <EmptyState title="No policy tests yet" action={<LinkButton href="/simulator">Open the simulator</LinkButton>}>
        Try a message there and save it: whenever the policy is published, it must fare as you say.
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <Button variant="primary" disabled={busy} onClick={run}>
          {busy ? "Running…" : `Run ${tests.length === 1 ? "it" : `all ${tests.length}`} against the draft`}
        </Button>
        <span role="status">{runs !== null && runWords(runs)}</span>
      </div>
      {closed !== null && <p className="text-muted">{closed}</p>}
      {refusal !== null && <Notice kind="fault">{refusal}</Notice>}
      <Table caption="Policy tests">
        <thead>
          <tr>
            <Th>Test</Th>
            <Th>Message</Th>
            <Th>Must be</Th>
            <Th>Result</Th>
            <Th>
              <span className="sr-only">Commands</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {tests.map((view) => (
            <Row key={view.id}>
              <Td wide>
                <TextLink href={`/simulator?test=${view.id}`} prefetch={false}>
                  {view.test.name}
                </TextLink>
              </Td>
              <Td wide>{messageWords(view)}</Td>
              <Td label="Must be">{mustWords(view)}</Td>
              <Td wide>
                <Fared run={runs?.find(({ name }) => name === view.test.name)} />
              </Td>
              <Td>
                <span className="flex gap-1">
                  <Button
                    size="small"
                    aria-label={`Clone ${view.test.name}`}
                    disabled={closed !== null}
                    onClick={() => void clone(view)}
                  >
                    Clone
                  </Button>
                  <Button
                    size="small"
                    variant="danger"
                    aria-label={`Delete ${view.test.name}`}
                    disabled={closed !== null}
                    onClick={() => void remove(view)}
                  >
                    Delete
                  </Button>
                </span>
              </Td>
            </Row>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function Fared({ run }: { run: TestRun | undefined }) {
  if (run === undefined) return <span className="text-muted">not run</span>;
  if (run.failure === null) return <StateBadge state="up">passes</StateBadge>;
  return (
    <span className="flex flex-wrap items-center gap-2">
      <StateBadge state="down">fails</StateBadge>
      {run.failure}
    </span>
  );
}

function messageWords({ test: { given, message } }: PolicyTestView): string {
  if (given.protocol === "pop3") {
    const what = message === undefined ? "without a message" : `${message.length} characters`;
    return `${given.interface}: ${given.user} fetches by POP3, ${what}`;
  }
  const to = given.recipients.length === 1 ? given.recipients[0] : `${given.recipients.length} recipients`;
  const what = message === undefined ? "envelope alone" : `${message.length} characters`;
  return `${given.interface}: ${given.sender === "" ? "<>" : given.sender} → ${to}, ${what}`;
}

function mustWords({ test: { must } }: PolicyTestView): string {
  const by = must.rule === undefined ? "" : ` by “${must.rule}”`;
  const hears = must.reply === undefined ? "" : `, hears “${must.reply}”`;
  return `${must.verdict.join(" or ")}${by}${hears}`;
}
