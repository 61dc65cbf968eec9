import { EmptyState } from "#components/ui/empty-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import type { OperationEvent } from "#core/contract/event.ts";
import type { WorkerView } from "#lib/workers/queries.ts";
import { WorkerCard } from "./worker-card.tsx";

type WorkersViewProps = { workers: readonly WorkerView[]; operations: ReadonlyMap<string, readonly OperationEvent[]> };

/** Every worker: is it there, what does it enforce, where does it listen, how are its routes. */
export function WorkersView({ workers, operations }: WorkersViewProps) {
  const up = workers.filter(({ state }) => state !== "down").length;
  return (
    <>
      <PageHeader title="Workers">
        {workers.length > 0 && `${up} of ${workers.length} ${workers.length === 1 ? "worker" : "workers"} up`}
      </PageHeader>
      {workers.length === 0 ? (
        <EmptyState title="No worker is enrolled">
          Mail is not filtered yet. <code className="font-mono">npm start</code> enrols a worker on this machine.
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-4">
          {workers.map((worker) => (
            <WorkerCard key={worker.id} worker={worker} operations={operations.get(worker.id) ?? []} />
          ))}
        </div>
      )}
    </>
  );
}
