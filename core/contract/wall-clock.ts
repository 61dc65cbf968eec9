import { timeZoneSchema } from "./schedule.ts";

/** A zone by the one name that this runtime has for it. */
const zoneNameSchema = timeZoneSchema.transform(canonicalName);
/** A zone whose clocks people read; what is none counts as UTC. */
export const zoneSchema = zoneNameSchema.catch("UTC");
/** A zone that an address may name; null: UTC. */
export const askedZoneSchema = zoneNameSchema.nullable().catch(null).default(null);

const dayMs = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** What clocks show at a moment (milliseconds since 1970): `2026-11-22T19:04:22`. */
export function wallClock(at: number, zone: string): string {
  return new Date(at + offsetMs(at, zone)).toISOString().slice(0, 19);
}

/** How far clocks are ahead of UTC: `UTC`, `UTC+01:00`. Unlike the letters of a zone, it is never that of two. */
export function offsetWords(at: number, zone: string): string {
  if (zone === "UTC") return zone;
  const minutes = Math.round(offsetMs(at, zone) / 60_000);
  const clock = new Date(Math.abs(minutes) * 60_000).toISOString().slice(11, 16);
  return `UTC${minutes < 0 ? "-" : "+"}${clock}`;
}

/**
 * The moment at which clocks show `2026-11-22T19:04`, in milliseconds since 1970; null: it is no such text. As calendars have it (RFC 5545 §3.3.5):
 * of a time that comes twice the first, and a time that is skipped counts from before the change, so that it is that much later.
 */
export function momentOf(shown: string, zone: string): number | null {
  const wall = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(shown) ? Date.parse(`${shown}Z`) : Number.NaN;
  if (Number.isNaN(wall)) return null;
  const before = wall - offsetMs(wall - dayMs, zone);
  const after = wall - offsetMs(wall + dayMs, zone);
  const right = [before, after].filter((at) => at + offsetMs(at, zone) === wall);
  return right.length === 0 ? before : Math.min(...right);
}

function offsetMs(at: number, zone: string): number {
  if (zone === "UTC") return 0;
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const shown = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return shown - Math.floor(at / 1_000) * 1_000;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(zone, format);
  return format;
}

/** Of `europe/berlin` too, so that there are no more of them than zones. */
function canonicalName(name: string): string {
  return new Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone;
}
