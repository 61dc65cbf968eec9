import { Info, OctagonAlert, TriangleAlert } from "lucide-react";
import type { Severity } from "#core/policy/lint/finding.ts";
import { Badge, type BadgeTone } from "./badge.tsx";

const looks: Record<Severity, { tone: BadgeTone; icon: typeof Info }> = {
  harm: { tone: "deny", icon: OctagonAlert },
  warning: { tone: "warn", icon: TriangleAlert },
  note: { tone: "inactive", icon: Info },
};

/** How much a finding of the lint hurts. */
export function SeverityBadge({ severity }: { severity: Severity }) {
  const { tone, icon } = looks[severity];
  return (
    <Badge tone={tone} icon={icon}>
      {severity}
    </Badge>
  );
}
