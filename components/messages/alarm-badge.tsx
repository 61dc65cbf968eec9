import { BellRing } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";

/** A rule with an alarm matched. */
export function AlarmBadge() {
  return (
    <Badge tone="warn" icon={BellRing}>
      alarm
    </Badge>
  );
}
