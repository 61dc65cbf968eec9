import { formatSpan } from "#components/ui/format.ts";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { ZoneName } from "#components/ui/zone.tsx";
import type { QueuePast, QueueStep } from "#lib/queue/history.ts";
import { StepTime } from "./step-time.tsx";

/** The charts' numbers, the newest first, without the steps in which nothing waited, came or went. */
export function HistoryTable({ past: { span, steps } }: { past: QueuePast }) {
  const shown = steps.filter(isEventful).toReversed();
  return (
    <details>
      <summary className="w-fit rounded-sm text-accent">Show as a table</summary>
      <div className="mt-2">
        <Table caption="The queue over time">
          <thead>
            <tr>
              <Th>
                From (<ZoneName />)
              </Th>
              <Th numeric>Waiting</Th>
              <Th numeric>Oldest</Th>
              <Th numeric>Arrivals</Th>
              <Th numeric>Deliveries</Th>
            </tr>
          </thead>
          <tbody>
            {shown.map((step) => (
              <Row key={step.at}>
                <Td>
                  <StepTime step={step} span={span} />
                </Td>
                <Td label="Waiting" numeric>
                  {step.depth ?? "not told"}
                </Td>
                <Td label="Oldest" numeric>
                  {step.oldestMs === null ? "none" : formatSpan(step.oldestMs)}
                </Td>
                <Td label="Arrivals" numeric>
                  {step.arrivals}
                </Td>
                <Td label="Deliveries" numeric>
                  {step.deliveries}
                </Td>
              </Row>
            ))}
          </tbody>
        </Table>
      </div>
    </details>
  );
}

/** Whether anything waited, came or went. */
export function isEventful({ depth, arrivals, deliveries }: QueueStep): boolean {
  return (depth ?? 0) > 0 || arrivals > 0 || deliveries > 0;
}
