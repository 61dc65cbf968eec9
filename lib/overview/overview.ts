import { waitingApprovals } from "#lib/quarantine/queries.ts";
import { listWorkers, type WorkerView } from "#lib/workers/queries.ts";
import { type AttentionItem, attention } from "./attention.ts";
import {
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
  /** Open sessions on all workers that are heard. */
  connections: number;
  workers: { heard: number; all: number };
  liveRevision: number | null;
  attention: { items: AttentionItem[]; more: number };
  topRules: TopRule[];
  recentChanges: RecentChange[];
  /** A listener to send the first message to; null when no worker that is heard has one. */
  smtpListener: { address: string; port: number } | null;
};

/** Everything the first page shows. */
export async function readOverview(now: Date): Promise<Overview> {
  const [traffic, minutes, queue, workers, refused, rules, changes, liveRevision, alarms, approvals] =
    await Promise.all([
      trafficNow(now),
      lastHourOfTraffic(now),
      queueSummary(),
      listWorkers(now),
      refusedPushes(),
      topRules(now),
      recentChanges(),
      liveRevisionNumber(),
      rungAlarms(now),
      waitingApprovals(),
    ]);
  const heard = workers.filter(({ state }) => state !== "down");
  const listeners = heard.flatMap((worker: WorkerView) => worker.status?.listeners ?? []);
  return {
    now: traffic,
    minutes,
    queue,
    connections: listeners.reduce((sum, { connections }) => sum + connections, 0),
    workers: { heard: heard.length, all: workers.length },
    liveRevision,
    attention: attention(workers, refused, queue, alarms, approvals, now),
    topRules: rules,
    recentChanges: changes,
    smtpListener: listeners.find(({ protocol }) => protocol === "smtp") ?? null,
  };
}
