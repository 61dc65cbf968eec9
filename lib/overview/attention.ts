import { validityAt } from "#lib/certificates/expiry.ts";
import type { WorkerView } from "#lib/workers/queries.ts";
import type { RungAlarm } from "./queries.ts";

/** Something that a person should look at, and where. `detail` may be another program's words; `lastAt`: ISO 8601. */
export type AttentionItem = { text: string; detail: string | null; lastAt?: string; href: string };

/** A worker that did not take the revision that it should have. */
export type RefusedPush = { workerName: string; revision: number; error: string | null };

const attentionMax = 5;
const dayMs = 86_400_000;

/** What needs attention, the worst first; `failed`: messages of the queue; `more` counts what did not fit. */
export function attention(
  workers: readonly WorkerView[],
  refused: readonly RefusedPush[],
  failed: number,
  alarms: readonly RungAlarm[],
  approvals: number,
  now: Date,
): { items: AttentionItem[]; more: number } {
  const all = [
    ...(workers.length === 0 ? [noWorker] : []),
    ...workers.flatMap(downOrDrifted),
    ...refused.map(refusedPush),
    ...workers.flatMap(routesDown),
    ...workers.flatMap(scannersFailing),
    ...(failed > 0 ? [failedMessages(failed)] : []),
    ...(approvals > 0 ? [waitingApprovals(approvals)] : []),
    ...workers.flatMap(faults),
    ...alarms.map(rungAlarm),
    ...workers.flatMap((worker) => certificatesEnding(worker, now)),
  ];
  return { items: all.slice(0, attentionMax), more: Math.max(0, all.length - attentionMax) };
}

const noWorker: AttentionItem = { text: "No worker is enrolled: no mail is handled.", detail: null, href: "/workers" };

function downOrDrifted({ name, state, appliedRevision, meantRevision }: WorkerView): AttentionItem[] {
  if (state === "down") return [{ text: `Worker ${name} is not heard.`, detail: null, href: "/workers" }];
  if (state === "up") return [];
  // A worker never goes back, so pushing again cannot help: see foreignRevision in lib/revisions.
  if (appliedRevision >= (meantRevision ?? 0)) {
    const text = `Worker ${name} enforces an r${appliedRevision} that this database does not know.`;
    return [{ text, detail: "It keeps that policy until a newer one is published here.", href: "/changes" }];
  }
  return [
    { text: `Worker ${name} enforces r${appliedRevision}, not r${meantRevision}.`, detail: null, href: "/workers" },
  ];
}

function refusedPush({ workerName, revision, error }: RefusedPush): AttentionItem {
  // The problem is on the second line, under what it is about.
  const detail = error?.replaceAll("\n", " ") ?? null;
  return { text: `Worker ${workerName} did not take r${revision}.`, detail, href: `/revisions/${revision}` };
}

function routesDown({ state, status }: WorkerView): AttentionItem[] {
  if (state === "down" || status === null) return [];
  return status.routes
    .filter((route) => route.state === "down")
    .map(({ route, protocol, queued, lastError }) =>
      protocol === "pop3"
        ? { text: `Route ${route} is down: its mailboxes cannot be opened.`, detail: lastError, href: "/routes" }
        : {
            text: `Route ${route} is down, ${queued} in the queue.`,
            detail: lastError,
            href: `/queue?route=${encodeURIComponent(route)}`,
          },
    );
}

function scannersFailing({ name, state, status }: WorkerView): AttentionItem[] {
  if (state === "down" || status === null) return [];
  return status.scanners
    .filter((scanner) => scanner.state === "failing")
    .map(({ scanner, lastError, failuresLastHour }) => ({
      text: `Scanner ${scanner} gives worker ${name} no verdicts: ${failuresLastHour} in the last hour.`,
      detail: lastError,
      href: "/inspection/scanners",
    }));
}

function failedMessages(count: number): AttentionItem {
  const text = count === 1 ? "1 queued message failed for good." : `${count} queued messages failed for good.`;
  return { text: `${text} Retry or delete.`, detail: null, href: "/queue?state=failed" };
}

function waitingApprovals(count: number): AttentionItem {
  const text = count === 1 ? "1 message waits for approval." : `${count} messages wait for approval.`;
  return { text, detail: "Approve or delete.", href: "/quarantine?cause=approval&state=held" };
}

function rungAlarm({ ruleId, ruleName, matches, lastAt }: RungAlarm): AttentionItem {
  const last = { detail: null, lastAt: lastAt.toISOString() };
  if (ruleId === null) {
    const sessions = matches === 1 ? "1 session" : `${matches} sessions`;
    return { text: `Alarm: ${sessions} deleted messages in 24 h.`, ...last, href: "/connections?alarm=yes&range=day" };
  }
  const times = matches === 1 ? "once" : `${matches} times`;
  return {
    text: `Alarm: rule “${ruleName}” matched ${times} in 24 h.`,
    ...last,
    href: `/messages?alarm=yes&range=day&rule=${encodeURIComponent(ruleId)}`,
  };
}

function faults({ name, state, status }: WorkerView): AttentionItem[] {
  if (state === "down" || status === null) return [];
  return status.faults.map((fault) => ({ text: `Worker ${name}: ${fault}`, detail: null, href: "/workers" }));
}

/** What cannot be read at all is one of the faults. */
function certificatesEnding({ name: worker, state, status }: WorkerView, now: Date): AttentionItem[] {
  if (state === "down" || status === null) return [];
  return status.certificates.flatMap(({ name, inUse }) => {
    if (inUse === null) return [];
    const validity = validityAt(inUse, now);
    if (validity !== "ends" && validity !== "expired") return [];
    const days = Math.floor((Date.parse(inUse.validTo) - now.getTime()) / dayMs);
    const when = validity === "expired" ? "has expired" : days < 1 ? "expires within a day" : `expires in ${days} d`;
    const text = `Certificate ${name} of worker ${worker} ${when}.`;
    return [{ text, detail: "Replace its files: they are read without a restart.", href: "/certificates" }];
  });
}
