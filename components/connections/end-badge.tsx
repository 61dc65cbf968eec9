import {
  CircleCheck,
  CircleSlash,
  CircleStop,
  Hourglass,
  type LucideIcon,
  OctagonX,
  Power,
  ServerCrash,
  TriangleAlert,
  Unplug,
} from "lucide-react";
import { Badge, type BadgeTone } from "#components/ui/badge.tsx";
import type { ConnectionEnd } from "#core/contract/event.ts";

/** An end, or a connection that was not taken. */
export type EndOrNone = ConnectionEnd | "none";

export const endWords: Record<EndOrNone, string> = {
  quit: "quit",
  left: "left",
  idle: "idle too long",
  refused: "ended by a limit or rule",
  lost: "server lost",
  stopped: "worker stopped",
  killed: "ended by a person",
  fault: "fault of Postern",
  none: "not taken",
};

const looks: Record<EndOrNone, { tone: BadgeTone; icon: LucideIcon }> = {
  quit: { tone: "allow", icon: CircleCheck },
  left: { tone: "inactive", icon: Unplug },
  idle: { tone: "inactive", icon: Hourglass },
  refused: { tone: "deny", icon: OctagonX },
  lost: { tone: "tempfail", icon: ServerCrash },
  stopped: { tone: "inactive", icon: Power },
  killed: { tone: "warn", icon: CircleStop },
  fault: { tone: "warn", icon: TriangleAlert },
  none: { tone: "deny", icon: CircleSlash },
};

/** How a session ended. */
export function EndBadge({ end }: { end: EndOrNone }) {
  const { tone, icon } = looks[end];
  return (
    <Badge tone={tone} icon={icon}>
      {endWords[end]}
    </Badge>
  );
}
