import type { ReactNode } from "react";
import { formatBytes } from "#components/ui/format.ts";
import { Notice } from "#components/ui/notice.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { OperationEvent } from "#core/contract/event.ts";
import type { WorkerStatus } from "#core/contract/report.ts";
import type { WorkerView } from "#lib/workers/queries.ts";
import { DrainButton } from "./drain-button.tsx";
import { ListenerTable } from "./listener-table.tsx";
import { OperationList } from "./operation-list.tsx";
import { RouteTable } from "./route-table.tsx";
import { WorkerStateBadge } from "./worker-state-badge.tsx";

type WorkerCardProps = { worker: WorkerView; operations: readonly OperationEvent[] };

/** One worker; what a silent one last said is shown as old. */
export function WorkerCard({ worker, operations }: WorkerCardProps) {
  const { status, state } = worker;
  return (
    <Panel
      title={worker.name}
      actions={
        <span className="flex items-center gap-2">
          <WorkerStateBadge state={state} />
          {state !== "down" && status !== null && (
            <DrainButton workerId={worker.id} name={worker.name} draining={status.draining} />
          )}
        </span>
      }
    >
      <div className="flex flex-col gap-4">
        <WorkerNotices worker={worker} />
        <dl className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-6">
          <Fact name="Policy in force">
            <Revision number={worker.appliedRevision} />
          </Fact>
          <Fact name="Meant for it">
            {worker.meantRevision === null ? "none yet" : <Revision number={worker.meantRevision} />}
          </Fact>
          <Fact name="Last report">
            {worker.lastSeenAt === null ? "none yet" : <Time at={worker.lastSeenAt.toISOString()} form="relative" />}
          </Fact>
          <Fact name="Queue">{status === null ? "unknown" : queueWords(status.queue)}</Fact>
          <Fact name="Running for">{status === null ? "unknown" : <Time at={status.startedAt} form="age" />}</Fact>
          <Fact name="Version">{status?.version ?? "unknown"}</Fact>
        </dl>
        {status !== null && <ListenerTable workerName={worker.name} listeners={status.listeners} />}
        {status !== null && status.routes.length > 0 && <RouteTable workerName={worker.name} routes={status.routes} />}
        {operations.length > 0 && <OperationList workerName={worker.name} operations={operations} />}
        <p className="text-muted text-sm">
          Id <span className="font-mono">{worker.id}</span>, control API at{" "}
          <span className="font-mono [overflow-wrap:anywhere]">{worker.controlUrl}</span>
        </p>
      </div>
    </Panel>
  );
}

function WorkerNotices({ worker: { state, status, appliedRevision, meantRevision } }: { worker: WorkerView }) {
  return (
    <>
      {state === "down" && status === null && (
        <Notice kind="warning">It has not reported yet. It is starting, or it cannot reach this console.</Notice>
      )}
      {state === "down" && status !== null && (
        <Notice kind="warning">
          No report for more than 5 seconds. The worker is stopped or cannot reach this console; what is shown is old.
          It keeps enforcing its last policy while it runs.
        </Notice>
      )}
      {state === "drifted" && (
        <Notice kind="warning">
          {appliedRevision >= (meantRevision ?? 0) ? (
            <>
              It enforces an r{appliedRevision} that this database does not know, and takes only a newer one.{" "}
              <TextLink href="/changes">Publish</TextLink> to reach it.
            </>
          ) : (
            <>
              It enforces {appliedRevision === 0 ? "no published policy" : `r${appliedRevision}`}, but r{meantRevision}{" "}
              is meant for it. The console gives it that again and again, less often while it refuses for the same
              reason.
            </>
          )}
        </Notice>
      )}
      {status?.draining && (
        <Notice kind="warning">It is drained: it takes no new connections and begins no attempts.</Notice>
      )}
      {status?.faults.map((fault) => (
        <Notice key={fault} kind="fault">
          {fault}
        </Notice>
      ))}
    </>
  );
}

function queueWords({ depth, bytes }: WorkerStatus["queue"]): string {
  return depth === 0 ? "empty" : `${depth} ${depth === 1 ? "message" : "messages"}, ${formatBytes(bytes)}`;
}

function Revision({ number }: { number: number }) {
  return number === 0 ? "none" : <TextLink href={`/revisions/${number}`}>r{number}</TextLink>;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-muted">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}
