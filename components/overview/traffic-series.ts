import { type Verdict, verdictSchema } from "#core/contract/decision.ts";
import type { MinuteOfTraffic } from "#lib/overview/queries.ts";

export type SeriesName = "deny" | "tempfail" | "replace" | "allow";

/** From the baseline up: faults stand on the baseline, where they compare; allow is on top. */
export const seriesOrder: readonly SeriesName[] = ["deny", "tempfail", "replace", "allow"];

const seriesOf: Record<Verdict, SeriesName> = {
  deny: "deny",
  drop: "deny",
  block: "deny",
  tempfail: "tempfail",
  strip: "replace",
  replace: "replace",
  quarantine: "deny",
  discard: "deny",
  allow: "allow",
};

export type Counts = Record<SeriesName, number>;

/** A minute's messages by series. */
export function countsOf({ byVerdict }: MinuteOfTraffic): Counts {
  const counts: Counts = { deny: 0, tempfail: 0, replace: 0, allow: 0 };
  for (const verdict of verdictSchema.options) counts[seriesOf[verdict]] += byVerdict[verdict] ?? 0;
  return counts;
}

export function totalOf(counts: Counts): number {
  return seriesOrder.reduce((sum, name) => sum + counts[name], 0);
}

/** All minutes together. */
export function sumOf(all: readonly Counts[]): Counts {
  const sum: Counts = { deny: 0, tempfail: 0, replace: 0, allow: 0 };
  for (const counts of all) for (const name of seriesOrder) sum[name] += counts[name];
  return sum;
}

/** `allow 91 % (42)`, the largest first, without what did not occur. Rounded; less than half a percent is `<1 %`. */
export function shareWords(sum: Counts): string[] {
  const total = totalOf(sum);
  return seriesOrder
    .filter((name) => sum[name] > 0)
    .sort((a, b) => sum[b] - sum[a])
    .map((name) => {
      const percent = Math.round((sum[name] / total) * 100);
      return `${name} ${percent === 0 ? "<1" : percent}\u00a0%`;
    });
}
