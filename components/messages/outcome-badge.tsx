import {
  CircleCheck,
  Clock,
  Lock,
  type LucideIcon,
  OctagonX,
  Scissors,
  ServerCrash,
  Trash2,
  Unplug,
} from "lucide-react";
import { Badge, type BadgeTone } from "#components/ui/badge.tsx";
import type { Outcome } from "#core/contract/event.ts";

/** An outcome, or a session that ended before any message. */
export type OutcomeOrSession = Outcome | "session";

export const outcomeWords: Record<OutcomeOrSession, string> = {
  relayed: "relayed",
  spooled: "queued",
  refused: "refused",
  "upstream-refused": "refused upstream",
  aborted: "aborted",
  quarantined: "quarantined",
  discarded: "discarded",
  retrieved: "retrieved",
  replaced: "replaced",
  session: "no message",
};

const looks: Record<OutcomeOrSession, { tone: BadgeTone; icon: LucideIcon }> = {
  relayed: { tone: "allow", icon: CircleCheck },
  spooled: { tone: "hold", icon: Clock },
  refused: { tone: "deny", icon: OctagonX },
  "upstream-refused": { tone: "tempfail", icon: ServerCrash },
  aborted: { tone: "inactive", icon: Unplug },
  quarantined: { tone: "quarantine", icon: Lock },
  discarded: { tone: "deny", icon: Trash2 },
  retrieved: { tone: "allow", icon: CircleCheck },
  replaced: { tone: "rewrite", icon: Scissors },
  session: { tone: "inactive", icon: Unplug },
};

/** What became of a message. */
export function OutcomeBadge({ outcome }: { outcome: OutcomeOrSession }) {
  const { tone, icon } = looks[outcome];
  return (
    <Badge tone={tone} icon={icon}>
      {outcomeWords[outcome]}
    </Badge>
  );
}
