import { Notice } from "#components/ui/notice.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { PublishedState } from "#lib/revisions/queries.ts";
import { PushAgain } from "./push-again.tsx";

/** What each worker said to the live revision. */
export function WorkerAnswers({ state }: { state: PublishedState }) {
  const { number, workers } = state;
  const missing = workers.filter(({ answer, waits }) => answer?.applied !== true && !waits).length;
  return (
    <div className="flex flex-col gap-3">
      {missing > 0 && (
        <Notice kind={workers.some(({ answer }) => answer?.applied === false) ? "fault" : "warning"}>
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <span>
              {missing} of {workers.length} workers {missing === 1 ? "has" : "have"} not taken r{number}. They go on
              with the revision that they have.
            </span>
            <PushAgain number={number} />
          </div>
        </Notice>
      )}
      {workers.length === 0 ? (
        <p className="text-muted">No worker is enrolled, so nothing enforces r{number}.</p>
      ) : (
        <Table caption={`Answers of the workers to r${number}`}>
          <thead>
            <tr>
              <Th>Worker</Th>
              <Th>r{number}</Th>
              <Th>At</Th>
              <Th>Answer</Th>
            </tr>
          </thead>
          <tbody>
            {workers.map(({ id, name, answer, waits }) => (
              <Row key={id}>
                <Td>{name}</Td>
                <Td label={`r${number}`}>
                  {answer === null && <StateBadge state="unknown">{waits ? "not yet" : "waiting"}</StateBadge>}
                  {answer?.applied === true && <StateBadge state="up">applied</StateBadge>}
                  {answer?.applied === false && <StateBadge state="down">not applied</StateBadge>}
                </Td>
                <Td label="At">{answer === null ? "—" : <Time at={answer.at} />}</Td>
                <Td wide className="whitespace-pre-line [overflow-wrap:anywhere]">
                  {answer?.error ?? (answer?.applied ? "In force." : waits ? "Not among the first." : "Not heard yet.")}
                </Td>
              </Row>
            ))}
          </tbody>
        </Table>
      )}
    </div>
  );
}
