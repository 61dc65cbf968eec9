import { type Schedule, weekDays } from "#core/contract/schedule.ts";
import { dayMinutes, openMinutes, weekClock, weekMinutes } from "#core/policy/schedule.ts";

const dayLabels = { mon: "Mon", tue: "Tue", wed: "Wed", thu: "Thu", fri: "Fri", sat: "Sat", sun: "Sun" } as const;

/** How a schedule stands at `now`, on the clocks of its zone: `open now, until Fri 18:00`, `closed, opens Mon 08:00`. */
export function scheduleState(schedule: Schedule, now: Date): { open: boolean; words: string } {
  const minutes = openMinutes(schedule);
  const minute = weekClock(schedule.timeZone)(now.getTime());
  const open = minutes[minute] === 1;
  let change = minute + 1;
  while (change - minute < weekMinutes && (minutes[change % weekMinutes] === 1) === open) change++;
  const changes = change - minute < weekMinutes;
  if (open) return { open, words: changes ? `open now, until ${pointWords(change)}` : "open now, all week" };
  return { open, words: changes ? `closed, opens ${pointWords(change)}` : "never open" };
}

function pointWords(minute: number): string {
  const within = minute % weekMinutes;
  const day = weekDays[Math.floor(within / dayMinutes)] ?? "mon";
  const [hours, minutes] = [Math.floor((within % dayMinutes) / 60), within % 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  return `${dayLabels[day]} ${hours}:${minutes}`;
}
