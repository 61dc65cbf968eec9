import { z } from "zod";

const step = /^(\d{1,5})(s|m|h|d)(?:\*(\d{1,4}))?$/;
const unitMs: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const attemptsMax = 10_000;

/** Turns `1m,5m,1h*23` into the waits before each attempt, in milliseconds; null when it cannot be read. */
export function retryWaitsMs(schedule: string): number[] | null {
  const waits: number[] = [];
  for (const part of schedule.split(",")) {
    const [, count, unit, times] = step.exec(part.trim()) ?? [];
    const waitMs = Number(count) * (unitMs[unit ?? ""] ?? Number.NaN);
    const repeat = times === undefined ? 1 : Number(times);
    if (!(waitMs > 0) || repeat < 1 || waits.length + repeat > attemptsMax) return null;
    for (let n = 0; n < repeat; n++) waits.push(waitMs);
  }
  return waits;
}

const delaysMax = 5;

/** How long after a message came its sender hears that it still waits, as text: `4h,24h`; each longer than the one before. Empty: never. */
export const delayNoticesSchema = z
  .string()
  .max(100)
  .refine((text) => delayNoticesMs(text) !== null, {
    message: "write the times since the message came, each longer than the one before, for example 4h,24h",
  })
  .default("4h,24h");

/** In milliseconds; null when it cannot be read. */
export function delayNoticesMs(text: string): number[] | null {
  if (text.trim() === "") return [];
  const delays = retryWaitsMs(text);
  const rising = delays?.every((delay, index) => index === 0 || delay > (delays[index - 1] ?? 0));
  return delays !== null && rising && delays.length <= delaysMax ? delays : null;
}

/** When to try again, as text; by default for five days (RFC 5321 §4.5.4.1). */
export const retryScheduleSchema = z
  .string()
  .max(200)
  .refine((schedule) => retryWaitsMs(schedule) !== null, {
    message: "write a retry schedule as waits, for example 1m,5m,10m,15m,30m,1h*23,4h*24",
  })
  .default("1m,5m,10m,15m,30m,1h*23,4h*24");
