import { offsetWords, wallClock } from "#core/contract/wall-clock.ts";

const units = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** Bytes in binary units: 512 B, 1.5 KiB, 25 MiB. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit > 0 && value < 10 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit] ?? "B"}`;
}

/** A count for a tile: exact below 10,000, then 12.3 k, 1.2 M. */
export function formatCount(count: number): string {
  if (count < 10_000) return String(count);
  if (count < 1_000_000) return `${(count / 1_000).toFixed(1)} k`;
  return `${(count / 1_000_000).toFixed(1)} M`;
}

/** `2026-11-22 18:04:22 UTC`, `2026-11-22 19:04:22 UTC+01:00`. */
export function formatTimestamp(at: Date, zone: string): string {
  const point = at.getTime();
  return `${wallClock(point, zone).replace("T", " ")} ${offsetWords(point, zone)}`;
}

/** A span in its two largest units: 45 s, 3 min 12 s, 2 h 5 min, 4 d 3 h. */
export function formatSpan(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return pair(minutes, "min", seconds % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return pair(hours, "h", minutes % 60, "min");
  return pair(Math.floor(hours / 24), "d", hours % 24, "h");
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** A span in its largest unit: 45 s, 3 min, 4 d. */
export function formatRoughSpan(milliseconds: number): string {
  return formatSpan(milliseconds).split(" ").slice(0, 2).join(" ");
}

/** `just now`, `2 min ago`, `in 3 h`. */
export function formatRelative(at: number, now: number): string {
  const span = at - now;
  if (Math.abs(span) < 1_500) return "just now";
  const words = formatRoughSpan(Math.abs(span));
  return span < 0 ? `${words} ago` : `in ${words}`;
}
