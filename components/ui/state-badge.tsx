import { CircleCheck, CircleDashed, Eye, type LucideIcon, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Badge, type BadgeTone } from "./badge.tsx";

export type SystemState = "up" | "down" | "warning" | "unknown" | "observe";

const looks: Record<SystemState, { tone: BadgeTone; icon: LucideIcon }> = {
  up: { tone: "allow", icon: CircleCheck },
  down: { tone: "deny", icon: TriangleAlert },
  warning: { tone: "warn", icon: TriangleAlert },
  unknown: { tone: "inactive", icon: CircleDashed },
  observe: { tone: "accent", icon: Eye },
};

/** The state of a part of the system, in the caller's word: `<StateBadge state="up">relaying</StateBadge>`. */
export function StateBadge({ state, children }: { state: SystemState; children: ReactNode }) {
  const { tone, icon } = looks[state];
  return (
    <Badge tone={tone} icon={icon}>
      {children}
    </Badge>
  );
}
