import { Bot } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import type { RevisionView } from "#lib/revisions/queries.ts";

/** How a revision came about, where that is not a person who published the draft. */
export function RevisionKindBadges({ revision: { kind, byMachine, restoredFrom } }: { revision: RevisionView }) {
  return (
    <>
      {kind === "roll-back" && <Badge tone="inactive">rolled back to r{restoredFrom}</Badge>}
      {kind === "revert" && <Badge tone="inactive">taken back to r{restoredFrom}</Badge>}
      {kind === "feed" && <Badge tone="inactive">list from its feed</Badge>}
      {byMachine && (
        <Badge tone="inactive" icon={Bot}>
          by a program
        </Badge>
      )}
    </>
  );
}
