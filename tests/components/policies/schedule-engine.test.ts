import { expect, test } from "vitest";
import { scheduleState } from "#components/policies/schedule-state.ts";
import { scheduleSchema, weekDays } from "#core/contract/schedule.ts";
import { ScheduleCompiler } from "#core/policy/schedule.ts";
import { seededRandom } from "../../support/seeded-random.ts";

const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);

test(`a schedule is shown as open exactly when the worker takes connections (seed ${seed})`, () => {
  const random = seededRandom(seed);
  const below = (max: number) => Math.floor(random() * max);
  const clock = () => `${String(below(24)).padStart(2, "0")}:${String(below(60)).padStart(2, "0")}`;
  const zones = ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu"];
  for (let round = 0; round < 500; round++) {
    const windows = Array.from({ length: 1 + below(3) }, () => {
      const days = weekDays.filter(() => random() < 0.4);
      return { days: days.length === 0 ? [...weekDays] : days, from: clock(), to: random() < 0.1 ? "24:00" : clock() };
    }).filter(({ from, to }) => from !== to);
    const read = scheduleSchema.safeParse({ timeZone: zones[below(zones.length)], windows });
    if (!read.success) continue;
    const now = Date.UTC(2026, 0, 1) + below(365 * 24 * 60) * 60_000;
    const { open } = scheduleState(read.data, new Date(now));
    const isOpen = new ScheduleCompiler().compile(read.data);
    expect({ schedule: read.data, now, open }).toEqual({ schedule: read.data, now, open: isOpen(now) });
  }
});
