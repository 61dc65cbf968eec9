"use client";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { runWords } from "./run-words.ts";
import { useTestRuns } from "./use-test-runs.ts";

/** The tests of the draft before it is published, which runs them anyway. `count`: how many there are. */
export function TestCheck({ count }: { count: number }) {
  const { runs, refusal, busy, run } = useTestRuns();
  const failed = runs?.filter(({ failure }) => failure !== null) ?? [];

  if (count === 0) {
    return (
      <Panel title="Policy tests">
        <p className="text-muted">
          There are none. A message that you try in the <TextLink href="/simulator">simulator</TextLink> can be saved as
          one.
        </p>
      </Panel>
    );
  }
  return (
    <Panel title={`Policy tests (${count})`}>
      <div className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center gap-3">
          <Button disabled={busy} onClick={run}>
            {busy ? "Running…" : `Run ${count === 1 ? "it" : `all ${count}`} against the draft`}
          </Button>
          <span role="status">{runs === null ? "Publishing runs them too." : runWords(runs)}</span>
        </div>
        {refusal !== null && <Notice kind="fault">{refusal}</Notice>}
        {failed.length > 0 && (
          <ul className="flex flex-col gap-1">
            {failed.map(({ name, failure }) => (
              <li key={name} className="flex flex-wrap items-center gap-2 [overflow-wrap:anywhere]">
                <StateBadge state="down">fails</StateBadge>
                <TextLink href="/policy-tests">{name}</TextLink> {failure}
              </li>
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}
