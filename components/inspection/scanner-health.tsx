import { CircleCheck, CircleHelp, type LucideIcon, OctagonX } from "lucide-react";
import { Badge, type BadgeTone } from "#components/ui/badge.tsx";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import type { ScannerStatus } from "#core/contract/scanner.ts";
import type { ScannerAtWorker } from "#lib/inspection/queries.ts";

const looks: Record<ScannerStatus["state"], { tone: BadgeTone; icon: LucideIcon }> = {
  up: { tone: "allow", icon: CircleCheck },
  failing: { tone: "deny", icon: OctagonX },
  unknown: { tone: "inactive", icon: CircleHelp },
};

/** How a scanner does at each worker. */
export function ScannerHealth({ workers }: { workers: readonly ScannerAtWorker[] }) {
  if (workers.length === 0) return <span className="text-muted">not in force at any worker</span>;
  return (
    <ul className="flex flex-col gap-1">
      {workers.map(({ worker, heard, status }) => (
        <li key={worker}>
          <span className="inline-flex flex-wrap items-center gap-2">
            {worker}
            <Badge tone={heard ? looks[status.state].tone : "inactive"} icon={looks[status.state].icon}>
              {heard ? status.state : `last: ${status.state}`}
            </Badge>
            <span className="text-muted">{numbers(status)}</span>
          </span>
          {status.lastError !== null && status.state === "failing" && (
            <span className="block text-muted">
              <ForeignText text={status.lastError} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function numbers({ scansLastHour, failuresLastHour, medianMs, version, signaturesAt }: ScannerStatus): string {
  return [
    `${scansLastHour} scans and ${failuresLastHour} failures in the last hour`,
    ...(medianMs === null ? [] : [`${Math.round(medianMs)} ms`]),
    ...(version === null ? [] : [version.slice(0, 60)]),
    ...(signaturesAt === null ? [] : [`signatures of ${signaturesAt.slice(0, 10)}`]),
  ].join(", ");
}
