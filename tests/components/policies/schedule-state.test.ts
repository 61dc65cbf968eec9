import { describe, expect, it } from "vitest";
import { scheduleState } from "#components/policies/schedule-state.ts";
import { type Schedule, scheduleSchema } from "#core/contract/schedule.ts";

const office = scheduleSchema.parse({
  timeZone: "Europe/Berlin",
  windows: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "08:00", to: "18:00" }],
});
const night = scheduleSchema.parse({ timeZone: "UTC", windows: [{ days: ["sun"], from: "22:00", to: "06:00" }] });
const always = scheduleSchema.parse({
  timeZone: "UTC",
  windows: [{ days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], from: "00:00", to: "24:00" }],
});
const joined = scheduleSchema.parse({
  timeZone: "UTC",
  windows: [
    { days: ["mon"], from: "08:00", to: "24:00" },
    { days: ["tue"], from: "00:00", to: "12:00" },
  ],
});

describe("a schedule", () => {
  it.each<[string, Schedule, string, string]>([
    ["in its window", office, "2026-01-05T10:00:00Z", "open now, until Mon 18:00"],
    ["at the first minute, on the clocks of its zone", office, "2026-01-05T07:00:00Z", "open now, until Mon 18:00"],
    ["before it", office, "2026-01-05T06:59:00Z", "closed, opens Mon 08:00"],
    ["at its end", office, "2026-01-05T17:00:00Z", "closed, opens Tue 08:00"],
    ["over the weekend", office, "2026-01-10T12:00:00Z", "closed, opens Mon 08:00"],
    ["in summer time", office, "2026-07-06T06:00:00Z", "open now, until Mon 18:00"],
    ["that goes over midnight and the end of the week", night, "2026-01-05T05:59:00Z", "open now, until Mon 06:00"],
    ["after such a night", night, "2026-01-05T06:00:00Z", "closed, opens Sun 22:00"],
    ["of windows that follow each other", joined, "2026-01-05T09:00:00Z", "open now, until Tue 12:00"],
    ["that has no gap", always, "2026-01-05T09:00:00Z", "open now, all week"],
  ])("%s", (_, schedule, now, words) => {
    expect(scheduleState(schedule, new Date(now)).words).toBe(words);
  });
});
