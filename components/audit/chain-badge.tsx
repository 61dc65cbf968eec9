import { Notice } from "#components/ui/notice.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import type { ChainStatus } from "#lib/audit/chain.ts";

/** Whether the log is whole: how far the chain was checked, and the first row that does not fit. */
export function ChainBadge({ chain }: { chain: ChainStatus }) {
  if (chain.fault === null) {
    return (
      <p className="flex flex-wrap items-center gap-2">
        <StateBadge state="up">verified to #{chain.verified}</StateBadge>
        <span className="font-mono text-sm [overflow-wrap:anywhere]">head {chain.head.slice(0, 16)}</span>
      </p>
    );
  }
  return (
    <Notice kind="fault">
      The chain is broken at #{chain.fault.sequence}: {chain.fault.reason} Somebody changed the log outside of Postern.
      Keep the database as it is and compare it with an earlier export.
    </Notice>
  );
}
