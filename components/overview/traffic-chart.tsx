import { Time } from "#components/ui/time.tsx";
import { VerdictBadge } from "#components/ui/verdict-badge.tsx";
import { ZoneName } from "#components/ui/zone.tsx";
import type { MinuteOfTraffic } from "#lib/overview/queries.ts";
import { type Counts, countsOf, type SeriesName, seriesOrder, shareWords, sumOf, totalOf } from "./traffic-series.ts";
import { TrafficTable } from "./traffic-table.tsx";

const height = 140;
const step = 10;
const barWidth = 8;

const fills: Record<SeriesName, string> = {
  deny: "fill-deny",
  tempfail: "fill-tempfail",
  replace: "fill-rewrite",
  allow: "fill-allow",
};

/** Messages by minute and verdict, stacked; in words for those who do not see it, and as a table for all. */
export function TrafficChart({ minutes }: { minutes: readonly MinuteOfTraffic[] }) {
  const counts = minutes.map(countsOf);
  const top = Math.max(1, ...counts.map(totalOf));
  const sum = sumOf(counts);
  const total = totalOf(sum);
  const words =
    total === 0
      ? "No messages in the last 60 minutes."
      : `${total} messages in the last 60 minutes: ${shareWords(sum).join(", ")}. At most ${top} in a minute.`;
  return (
    <figure className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        {seriesOrder.map((name) => (
          <VerdictBadge key={name} verdict={name} />
        ))}
        <span className="ms-auto text-muted">most in a minute: {top}</span>
      </div>
      <svg
        role="img"
        aria-label={words}
        viewBox={`0 0 ${minutes.length * step} ${height}`}
        preserveAspectRatio="none"
        className="h-36 w-full border-control border-b"
      >
        {counts.map((minute, index) => (
          <Bar key={minutes[index]?.minute ?? index} x={index * step} counts={minute} scale={height / top} />
        ))}
      </svg>
      <div className="flex justify-between text-muted text-sm">
        <Clock minute={minutes.at(0)} />
        <Clock minute={minutes.at(Math.floor(minutes.length / 2))} />
        <span>
          <Clock minute={minutes.at(-1)} /> <ZoneName />
        </span>
      </div>
      <figcaption className="text-muted">{words}</figcaption>
      <TrafficTable minutes={minutes} />
    </figure>
  );
}

function Bar({ x, counts, scale }: { x: number; counts: Counts; scale: number }) {
  let y = height;
  return seriesOrder.map((name) => {
    const size = counts[name] * scale;
    y -= size;
    return size === 0 ? null : <rect key={name} x={x} y={y} width={barWidth} height={size} className={fills[name]} />;
  });
}

function Clock({ minute }: { minute: MinuteOfTraffic | undefined }) {
  return minute === undefined ? null : <Time at={minute.minute} form="minute" />;
}
