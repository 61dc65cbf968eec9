import type { RouteStatus, WorkerStatus } from "#core/contract/report.ts";
import { version } from "#core/contract/version.ts";
import type { CompiledPolicy } from "#core/policy/compile.ts";
import type { CredentialStore } from "../credentials/credential-store.ts";
import type { Delivery } from "../delivery/delivery.ts";
import type { Listeners } from "../net/listeners.ts";
import type { SourceBans } from "../net/source-bans.ts";
import type { Governor } from "../policy/governor.ts";
import type { FileQuarantine } from "../quarantine/file-quarantine.ts";
import type { ScannerSet } from "../scanners/scanner-set.ts";
import type { SigningKeyStore } from "../sender-auth/signing-key-store.ts";
import type { DestinationCount } from "../spool/queue-table.ts";
import type { QueueCount } from "../spool/queue-tally.ts";
import type { CertificateStore } from "../tls/certificate-store.ts";
import type { Pop3Servers } from "../upstream/pop3-servers.ts";
import type { SmtpPool } from "../upstream/smtp-pool.ts";
import type { WorkerDrain } from "../worker-drain.ts";
import type { Faults } from "./faults.ts";

export type StatusSources = {
  startedAt: number;
  governor: Governor;
  listeners: Listeners;
  bans: Pick<SourceBans, "list" | "count">;
  smtpPool: Pick<SmtpPool, "routeState" | "targetStates">;
  pop3Servers: Pick<Pop3Servers, "routeState" | "targetStates">;
  certificates: Pick<CertificateStore, "status">;
  credentials: Pick<CredentialStore, "names">;
  signingKeys: Pick<SigningKeyStore, "names">;
  quarantine: Pick<FileQuarantine, "size" | "bytes">;
  scanners: Pick<ScannerSet, "statuses">;
  queue: { counts(): readonly DestinationCount[] };
  delivery: Pick<Delivery, "destinations">;
  drain: Pick<WorkerDrain, "isOn">;
  faults: Faults;
};

const nothing: QueueCount = { count: 0, bytes: 0, oldest: Number.POSITIVE_INFINITY };

/** How the worker is at this moment. */
export function workerStatus({
  startedAt,
  governor,
  listeners,
  bans,
  smtpPool,
  pop3Servers,
  certificates,
  credentials,
  signingKeys,
  quarantine,
  scanners,
  queue,
  delivery,
  drain,
  faults,
}: StatusSources): WorkerStatus {
  const counts = queue.counts();
  const all = { ...nothing };
  const byRoute = new Map<string, QueueCount>();
  for (const one of counts) {
    const ofRoute = byRoute.get(one.route) ?? { ...nothing };
    byRoute.set(one.route, ofRoute);
    add(ofRoute, one);
    add(all, one);
  }
  const { policy, revision, digest } = governor.inForce ?? { policy: null, revision: 0, digest: null };
  for (const { name } of policy?.routes.values() ?? []) {
    if (!byRoute.has(name)) byRoute.set(name, nothing);
  }
  return {
    version,
    startedAt: new Date(startedAt).toISOString(),
    revision,
    digest,
    listeners: listeners.status(),
    routes: Array.from(byRoute, ([route, tally]) => routeStatus(route, tally, { smtpPool, pop3Servers }, policy)),
    certificates: certificates.status(),
    credentials: credentials.names(),
    signingKeys: signingKeys.names(),
    scanners: scanners.statuses(),
    quarantine: { entries: quarantine.size, bytes: quarantine.bytes },
    queue: { depth: all.count, bytes: all.bytes, oldestAt: oldestAt(all) },
    destinations: delivery.destinations(counts),
    draining: drain.isOn,
    bans: bans.list(),
    banCount: bans.count,
    faults: faults.list(),
  };
}

function add(sum: QueueCount, { count, bytes, oldest }: Readonly<QueueCount>): void {
  sum.count += count;
  sum.bytes += bytes;
  sum.oldest = Math.min(sum.oldest, oldest);
}

function routeStatus(
  route: string,
  tally: Readonly<QueueCount>,
  { smtpPool, pop3Servers }: Pick<StatusSources, "smtpPool" | "pop3Servers">,
  policy: CompiledPolicy | null,
): RouteStatus {
  const inForce = policy?.routes.get(route);
  const queue = { route, queued: tally.count, oldestAt: oldestAt(tally) };
  if (inForce?.protocol === "pop3") {
    const targets = pop3Servers.targetStates(inForce);
    return { ...queue, protocol: "pop3", byDomain: false, ...pop3Servers.routeState(route), targets };
  }
  const targets = inForce === undefined ? [] : smtpPool.targetStates(inForce);
  const byDomain = inForce?.lookup === "mx";
  return { ...queue, protocol: "smtp", byDomain, ...smtpPool.routeState(route), targets };
}

function oldestAt({ oldest }: Readonly<QueueCount>): string | null {
  return Number.isFinite(oldest) ? new Date(oldest).toISOString() : null;
}
