import { type Schedule, weekDays } from "#core/contract/schedule.ts";

const minuteMs = 60_000;
export const dayMinutes = 1_440;
export const weekMinutes = weekDays.length * dayMinutes;

/** Whether a schedule is open at a moment, in milliseconds since 1970. */
export type IsOpen = (nowMs: number) => boolean;

/**
 * Compiles schedules; those of one time zone share its clock. A window means what a clock on the wall shows: in the hour that
 * spring skips nothing is open, and in the hour that comes twice in autumn a window is open both times.
 */
export class ScheduleCompiler {
  readonly #clocks = new Map<string, WeekClock>();

  compile(schedule: Schedule): IsOpen {
    const { timeZone } = schedule;
    const clock = this.#clocks.get(timeZone) ?? weekClock(timeZone);
    this.#clocks.set(timeZone, clock);
    const open = openMinutes(schedule);
    return (nowMs) => open[clock(nowMs)] === 1;
  }
}

/** 1 for each minute of the week in which a window is open, from Monday 00:00. */
export function openMinutes({ windows }: Schedule): Uint8Array {
  const open = new Uint8Array(weekMinutes);
  for (const { days, from, to } of windows) {
    const [begin, end] = [minuteOfDay(from), minuteOfDay(to) + (from < to ? 0 : dayMinutes)];
    for (const day of days) {
      const midnight = weekDays.indexOf(day) * dayMinutes;
      for (let minute = begin; minute < end; minute++) open[(midnight + minute) % weekMinutes] = 1;
    }
  }
  return open;
}

function minuteOfDay(clock: string): number {
  const [hours = "", minutes = ""] = clock.split(":");
  return Number(hours) * 60 + Number(minutes);
}

/** The minute of the week that clocks show, from Monday 00:00. */
type WeekClock = (nowMs: number) => number;

/** The clocks of a time zone. Intl is asked once a minute. */
export function weekClock(timeZone: string): WeekClock {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
  let askedFor = Number.NaN;
  let shown = 0;
  return (nowMs) => {
    const minute = Math.floor(nowMs / minuteMs);
    if (minute === askedFor) return shown;
    const parts = new Map(format.formatToParts(nowMs).map(({ type, value }) => [type, value]));
    const day = weekDays.findIndex((name) => name === parts.get("weekday")?.toLowerCase());
    shown = day * dayMinutes + Number(parts.get("hour")) * 60 + Number(parts.get("minute"));
    askedFor = minute;
    return shown;
  };
}
