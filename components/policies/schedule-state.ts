import { type Schedule, weekDays } from "#core/contract/schedule.ts";

const dayMinutes = 1_440;
const weekMinutes = 7 * dayMinutes;
const dayLabels = { mon: "Mon", tue: "Tue", wed: "Wed", thu: "Thu", fri: "Fri", sat: "Sat", sun: "Sun" } as const;

/** How a schedule stands at `now`, on the clocks of its zone: `open now, until Fri 18:00`, `closed, opens Mon 08:00`. */
export function scheduleState(schedule: Schedule, now: Date): { open: boolean; words: string } {
  const minute = weekMinute(schedule.timeZone, now);
  const spans = schedule.windows.flatMap(({ days, from, to }) =>
    days.map((day) => {
      const start = weekDays.indexOf(day) * dayMinutes + clockMinutes(from);
      const length = clockMinutes(to) - clockMinutes(from);
      return { start, length: length > 0 ? length : length + dayMinutes };
    }),
  );
  const ends = openUntil(spans, minute);
  if (ends === null) {
    const waits = spans.map(({ start }) => wrapped(start - minute));
    return { open: false, words: `closed, opens ${pointWords(minute + Math.min(...waits))}` };
  }
  return {
    open: true,
    words: ends - minute >= weekMinutes ? "open now, all week" : `open now, until ${pointWords(ends)}`,
  };
}

type Span = { start: number; length: number };

/** Until when it stays open from `minute` on, over windows that follow each other without a gap; null when it is closed. */
function openUntil(spans: readonly Span[], minute: number): number | null {
  let end = minute;
  for (;;) {
    const reaches = spans.map(({ start, length }) => {
      const since = wrapped(end - start);
      return since < length ? end + length - since : end;
    });
    const next = Math.max(end, ...reaches);
    if (next === end || next - minute >= weekMinutes) return next === minute ? null : next;
    end = next;
  }
}

function wrapped(minutes: number): number {
  return ((minutes % weekMinutes) + weekMinutes) % weekMinutes;
}

function clockMinutes(clock: string): number {
  const [hours = "0", minutes = "0"] = clock.split(":");
  return Number(hours) * 60 + Number(minutes);
}

function pointWords(minute: number): string {
  const within = wrapped(minute);
  const day = weekDays[Math.floor(within / dayMinutes)] ?? "mon";
  const [hours, minutes] = [Math.floor((within % dayMinutes) / 60), within % 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  return `${dayLabels[day]} ${hours}:${minutes}`;
}

/** Minutes since Monday 00:00 on the zone's clocks. */
function weekMinute(timeZone: string, now: Date): number {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const day = weekDays.findIndex((name) => name === parts.get("weekday")?.toLowerCase());
  return day * dayMinutes + Number(parts.get("hour")) * 60 + Number(parts.get("minute"));
}
