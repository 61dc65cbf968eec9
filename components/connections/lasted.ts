import { formatSpan } from "#components/ui/format.ts";

/** How long a session lasted; most are over within a second. */
export function lasted(milliseconds: number): string {
  return milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : formatSpan(milliseconds);
}
