import type { InterfaceScope } from "#lib/interfaces/scope.ts";
import { waitingApprovals } from "#lib/quarantine/queries.ts";
import { listWorkers, type WorkerView } from "#lib/workers/queries.ts";
import { type AttentionItem, attention } from "./attention.ts";
import {
  failedMessages,
  lastHourOfTraffic,
  liveRevisionNumber,
  type MinuteOfTraffic,
  type QueueSummary,
  queueSummary,
  type RecentChange,
  recentChanges,
  refusedPushes,
  rungAlarms,
  type TopRule,
  type TrafficNow,
  topRules,
  trafficNow,
} from "./queries.ts";

export type Overview = {
  now: TrafficNow;
  minutes: MinuteOfTraffic[];
  queue: QueueSummary;
  /** Open sessions at the interface on all workers that are heard. */
  connections: number;
  workers: { heard: number; all: number };
  liveRevision: number | null;
  attention: { items: AttentionItem[]; more: number };
  topRules: TopRule[];
  recentChanges: RecentChange[];
  /** A listener to send the first message to; null when no worker that is heard has one. */
  smtpListener: { address: string; port: number } | null;
};

/** Everything the first page shows; traffic, queue, connections and rules are those of an interface. */
export async function readOverview(scope: InterfaceScope | null, now: Date): Promise<Overview> {
  const [traffic, minutes, queue, workers, refused, rules, changes, liveRevision, alarms, approvals, failed] =
    await Promise.all([
      trafficNow(scope, now),
      lastHourOfTraffic(scope, now),
      queueSummary(scope),
      listWorkers(now),
      refusedPushes(),
      topRules(scope, now),
      recentChanges(),
      liveRevisionNumber(),
      rungAlarms(now),
      waitingApprovals(),
      failedMessages(),
    ]);
  const heard = workers.filter(({ state }) => state !== "down");
  const listeners = heard.flatMap((worker: WorkerView) => worker.status?.listeners ?? []);
  const shown = listeners.filter((listener) => scope === null || scope.names.includes(listener.interface));
  return {
    now: traffic,
    minutes,
    queue,
    connections: shown.reduce((sum, { connections }) => sum + connections, 0),
    workers: { heard: heard.length, all: workers.length },
    liveRevision,
    attention: attention(workers, refused, failed, alarms, approvals, now),
    topRules: rules,
    recentChanges: changes,
    smtpListener: listeners.find(({ protocol }) => protocol === "smtp") ?? null,
  };
}
