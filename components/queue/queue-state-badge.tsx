import { Clock, type LucideIcon, OctagonX, Pause, RotateCw, Send } from "lucide-react";
import { Badge, type BadgeTone } from "#components/ui/badge.tsx";
import type { QueueState } from "#core/contract/queue.ts";

const looks: Record<QueueState, { tone: BadgeTone; icon: LucideIcon; word: string }> = {
  ready: { tone: "hold", icon: Clock, word: "ready" },
  delivering: { tone: "allow", icon: Send, word: "delivering" },
  deferred: { tone: "tempfail", icon: RotateCw, word: "deferred" },
  held: { tone: "inactive", icon: Pause, word: "held" },
  failed: { tone: "deny", icon: OctagonX, word: "failed" },
};

/** Where a queued message stands. */
export function QueueStateBadge({ state }: { state: QueueState }) {
  const { tone, icon, word } = looks[state];
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  );
}
