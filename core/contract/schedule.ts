import { z } from "zod";

export const weekDays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const clock = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, "write a time as 08:00; the end of the day is 24:00");

/** An IANA time zone that this runtime knows. */
export const timeZoneSchema = z
  .string()
  .max(64)
  .refine(isTimeZone, { message: "a time zone is an IANA name, for example Europe/Berlin" });

/** When a policy takes connections. A window that ends before it begins goes over midnight and belongs to the day it begins on. */
export const scheduleSchema = z.strictObject({
  timeZone: timeZoneSchema,
  windows: z
    .array(
      z
        .strictObject({ days: z.array(z.enum(weekDays)).min(1).max(7), from: clock, to: clock })
        .refine(({ from, to }) => from !== to, {
          message: "a window begins and ends at different times",
          path: ["to"],
        }),
    )
    .min(1)
    .max(32),
});
export type Schedule = z.infer<typeof scheduleSchema>;

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat("en", { timeZone: name }) !== null;
  } catch {
    return false;
  }
}
