"use client";
import { CalendarClock, CalendarX } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import { Time } from "#components/ui/time.tsx";
import { useNow } from "#components/ui/use-now.ts";

/** When a rule ends, or that it has. */
export function ExpiryBadge({ expires }: { expires: string }) {
  const now = useNow();
  const ended = now !== null && Date.parse(expires) <= now;
  if (ended) {
    return (
      <Badge tone="inactive" icon={CalendarX}>
        ended <Time at={expires} form="relative" />
      </Badge>
    );
  }
  return (
    <Badge tone="inactive" icon={CalendarClock}>
      ends <Time at={expires} form="relative" />
    </Badge>
  );
}
