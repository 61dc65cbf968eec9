import { ForeignText } from "#components/ui/foreign-text.tsx";
import { Time } from "#components/ui/time.tsx";
import type { OperationEvent } from "#core/contract/event.ts";

const words: Record<OperationEvent["command"], string> = {
  suspend: "suspended",
  resume: "resumed",
  probe: "probed",
  drain: "drained the worker",
  "end-drain": "ended the drain",
};

type OperationListProps = { workerName: string; operations: readonly OperationEvent[] };

/** What people last had a worker do, newest first. */
export function OperationList({ workerName, operations }: OperationListProps) {
  return (
    <section>
      <h3 className="text-muted">Last commands</h3>
      <ul aria-label={`Last commands of ${workerName}`} className="flex flex-col gap-1">
        {operations.map(({ id, at, by, command, target, result }) => (
          <li key={id} className="[overflow-wrap:anywhere]">
            <Time at={at} form="relative" />: {by} {words[command]}{" "}
            {target !== null && <ForeignText text={target.destination} />}
            {target !== null && target.destination !== target.route && ` (by ${target.route})`}
            {result !== null && (
              <span className="text-muted">
                {" "}
                (<ForeignText text={result} />)
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
