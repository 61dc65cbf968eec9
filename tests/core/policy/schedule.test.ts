import { describe, expect, test } from "vitest";
import { type Schedule, scheduleSchema, weekDays } from "#core/contract/schedule.ts";
import { ScheduleCompiler } from "#core/policy/schedule.ts";
import { seededRandom } from "../../support/seeded-random.ts";

const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);
const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;

function isOpen(schedule: unknown, at: string): boolean {
  return new ScheduleCompiler().compile(scheduleSchema.parse(schedule))(Date.parse(at));
}

const working = (timeZone: string) => ({
  timeZone,
  windows: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "08:00", to: "18:00" }],
});

describe("windows", () => {
  test("begin with their first minute and end before their last, on their days only, in their time zone", () => {
    const berlin = working("Europe/Berlin");
    // A Friday, UTC+1.
    expect(isOpen(berlin, "2026-11-27T06:59:59.999Z")).toBe(false);
    expect(isOpen(berlin, "2026-11-27T07:00:00Z")).toBe(true);
    expect(isOpen(berlin, "2026-11-27T16:59:59.999Z")).toBe(true);
    expect(isOpen(berlin, "2026-11-27T17:00:00Z")).toBe(false);
    expect(isOpen(berlin, "2026-11-28T12:00:00Z")).toBe(false);
    expect(isOpen(working("Asia/Kathmandu"), "2026-11-27T02:14:00Z")).toBe(false); // UTC+5:45
    expect(isOpen(working("Asia/Kathmandu"), "2026-11-27T02:15:00Z")).toBe(true);
  });

  test("go over midnight when they end before they begin, and belong to the day they begin on: Sunday's reaches into Monday", () => {
    const nights = { timeZone: "UTC", windows: [{ days: ["sun"], from: "22:00", to: "06:00" }] };
    expect(isOpen(nights, "2026-11-29T21:59:00Z")).toBe(false);
    expect(isOpen(nights, "2026-11-29T22:00:00Z")).toBe(true);
    expect(isOpen(nights, "2026-11-30T05:59:00Z")).toBe(true);
    expect(isOpen(nights, "2026-11-30T06:00:00Z")).toBe(false);
    expect(isOpen(nights, "2026-11-29T05:00:00Z")).toBe(false);
  });

  test("00:00 to 24:00 is the whole day, and a window from 24:00 begins with the next one", () => {
    const whole = { timeZone: "UTC", windows: [{ days: ["fri"], from: "00:00", to: "24:00" }] };
    expect(isOpen(whole, "2026-11-27T00:00:00Z")).toBe(true);
    expect(isOpen(whole, "2026-11-27T23:59:59Z")).toBe(true);
    expect(isOpen(whole, "2026-11-28T00:00:00Z")).toBe(false);
    const late = { timeZone: "UTC", windows: [{ days: ["fri"], from: "24:00", to: "01:00" }] };
    expect(isOpen(late, "2026-11-28T00:30:00Z")).toBe(true);
    expect(isOpen(late, "2026-11-27T00:30:00Z")).toBe(false);
  });
});

describe("daylight saving time, in Europe/Berlin", () => {
  const early = { timeZone: "Europe/Berlin", windows: [{ days: ["sun"], from: "02:15", to: "02:45" }] };

  test("a window inside the hour that spring skips does not open", () => {
    for (let minute = 0; minute < 120; minute++) {
      const at = new Date(Date.parse("2026-03-29T00:00:00Z") + minute * minuteMs).toISOString();
      expect(isOpen(early, at)).toBe(false);
    }
  });

  test("a window inside the hour that autumn repeats opens twice", () => {
    const open = (at: string) => isOpen(early, at);
    expect([open("2026-10-25T00:30:00Z"), open("2026-10-25T01:00:00Z"), open("2026-10-25T01:30:00Z")]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe(`against an oracle, minute by minute (seed ${seed})`, () => {
  const places = [
    { timeZone: "Europe/Berlin", days: ["2026-03-29", "2026-10-25", "2026-06-10", "2026-12-31"] },
    { timeZone: "America/New_York", days: ["2026-03-08", "2026-11-01", "2026-06-10"] },
    { timeZone: "Australia/Lord_Howe", days: ["2026-04-05", "2026-10-04"] }, // Its clock moves by half an hour.
    { timeZone: "UTC", days: ["2026-06-10"] },
  ];

  for (const { timeZone, days } of places) {
    test(`schedules in ${timeZone} are open when the wall clock is inside one of their windows`, () => {
      const random = seededRandom(seed);
      const compiler = new ScheduleCompiler();
      for (const day of days) {
        const wall = wallClock(timeZone, Date.parse(day) - dayMs, 3 * 1_440);
        for (let round = 0; round < 10; round++) {
          const schedule = someSchedule(random, timeZone);
          const opens = compiler.compile(schedule);
          const wrong = wall.filter((shown) => opens(shown.at) !== oracle(schedule, shown));
          expect({ schedule, wrong: wrong.slice(0, 3) }).toEqual({ schedule, wrong: [] });
        }
      }
    });
  }
});

type Shown = { at: number; day: string; clock: string };

/** What a clock on the wall shows, for each of `minutes` from `from` on; by another way than the compiler's. */
function wallClock(timeZone: string, from: number, minutes: number): Shown[] {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  return Array.from({ length: minutes }, (_, minute) => {
    const at = from + minute * minuteMs;
    const [date = "", clock = ""] = format.format(at).split(" ");
    // The week day of a date is the same everywhere; 1 January 1970 was a Thursday.
    const day = weekDays[(Math.round(Date.parse(date) / dayMs) + 3) % 7] ?? "";
    return { at, day, clock };
  });
}

function oracle({ windows }: Schedule, { day, clock }: Shown): boolean {
  const names: readonly string[] = weekDays;
  const dayBefore = names[(names.indexOf(day) + 6) % 7] ?? "";
  const holds = (days: readonly string[], name: string) => days.includes(name);
  return windows.some(({ days, from, to }) =>
    from < to
      ? holds(days, day) && from <= clock && clock < to
      : (holds(days, day) && from <= clock) || (holds(days, dayBefore) && clock < to),
  );
}

function someSchedule(random: () => number, timeZone: string): Schedule {
  const clock = () => {
    const minute = Math.floor(random() * 97) * 15;
    return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
  };
  const windows = Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
    const days = weekDays.filter(() => random() < 0.5);
    const [from, to] = [clock(), clock()];
    return { days: days.length === 0 ? [...weekDays] : days, from, to: from === to ? "23:59" : to };
  });
  return scheduleSchema.parse({ timeZone, windows });
}
