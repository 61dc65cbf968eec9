import { formatSpan } from "#components/ui/format.ts";
import { retryScheduleSchema, retryWaitsMs } from "#core/contract/retry-schedule.ts";

/** When the attempts of a schedule come, and when it is given up. Empty: those of the default. */
export function RetryPreview({ schedule }: { schedule: string }) {
  const waits = retryWaitsMs(schedule.trim() === "" ? retryScheduleSchema.parse(undefined) : schedule);
  if (waits === null || waits.length === 0) return null;
  const total = waits.reduce((sum, wait) => sum + wait, 0);
  return (
    <p className="rounded-md bg-sunken p-2 text-muted" aria-live="polite">
      Tries again after {runsOf(waits).map(runWords).join(", then ")}. {waits.length + 1} attempts in all; given up and
      bounced after {formatSpan(total)}.
    </p>
  );
}

type Run = { wait: number; times: number };

/** Waits of the same length in a row, together. */
function runsOf(waits: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (const wait of waits) {
    const last = runs.at(-1);
    if (last?.wait === wait) last.times += 1;
    else runs.push({ wait, times: 1 });
  }
  return runs;
}

function runWords({ wait, times }: Run): string {
  return times === 1 ? formatSpan(wait) : `${times} times ${formatSpan(wait)}`;
}
