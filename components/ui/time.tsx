"use client";
import { formatRelative, formatSpan, formatTimestamp } from "./format.ts";
import { useNow } from "./use-now.ts";

type TimeProps = {
  /** ISO 8601. */
  at: string;
  /**
   * absolute: `2026-11-22 18:04:22 UTC`, for tables of record. relative: `2 min ago`. age: `2 min 5 s`.
   * countdown: `in 3 min 12 s`, `now` once it is past.
   */
  form?: "absolute" | "relative" | "age" | "countdown";
  /** Without the absolute time on hover and focus: inside a link, which has its own focus. */
  plain?: boolean;
};

/** A point in time; the absolute time with its zone shows on hover and focus. */
export function Time({ at, form = "absolute", plain = false }: TimeProps) {
  const now = useNow();
  const point = new Date(at);
  const absolute = formatTimestamp(point);
  if (form === "absolute") {
    return (
      <time dateTime={at} className="whitespace-nowrap">
        {absolute}
      </time>
    );
  }
  // The server's words stand until the page's own clock runs: they may be a second off, hence suppressHydrationWarning.
  const moved = (
    <time dateTime={at} suppressHydrationWarning>
      {moving(form, point.getTime(), now ?? Date.now())}
    </time>
  );
  if (plain) return moved;
  return (
    // The absolute time must be reachable by keyboard, hence the tab stop.
    <span className="group relative whitespace-nowrap rounded-sm" tabIndex={0} role="note">
      {moved}
      <span className="absolute hidden start-0 bottom-full z-30 rounded-md border border-control bg-surface px-2 py-1 group-hover:block group-focus:block">
        {absolute}
      </span>
    </span>
  );
}

function moving(form: "relative" | "age" | "countdown", at: number, now: number): string {
  if (form === "age") return formatSpan(now - at);
  if (form === "relative") return formatRelative(at, now);
  return at <= now ? "now" : `in ${formatSpan(at - now)}`;
}
