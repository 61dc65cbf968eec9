"use client";
import { Clock } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import { useNow } from "#components/ui/use-now.ts";
import type { Schedule } from "#core/contract/schedule.ts";
import { scheduleState } from "./schedule-state.ts";

/** Whether a schedule is open, as time goes on. `madeAt` is when the page was made, ISO 8601: it holds until the page's own clock runs. */
export function ScheduleBadge({ schedule, madeAt }: { schedule: Schedule; madeAt: string }) {
  const now = useNow();
  const { open, words } = scheduleState(schedule, new Date(now ?? madeAt));
  return (
    <Badge tone={open ? "inactive" : "warn"} icon={Clock}>
      {words} ({schedule.timeZone})
    </Badge>
  );
}
