import { ZoneName } from "#components/ui/zone.tsx";
import type { QueuePast, QueueStep } from "#lib/queue/history.ts";
import { StepTime } from "./step-time.tsx";

const height = 48;
const step = 10;
const barWidth = 8;

type HistoryChartProps = {
  title: string;
  /** The whole chart in a few words. */
  words: string;
  past: QueuePast;
  /** Null: not known. */
  valueOf: (step: QueueStep) => number | null;
};

/** One number over time, a bar a step; in words for those who do not see it. */
export function HistoryChart({ title, words, past: { span, steps }, valueOf }: HistoryChartProps) {
  const values = steps.map(valueOf);
  const top = Math.max(1, ...values.map((value) => value ?? 0));
  return (
    <figure className="flex min-w-0 flex-col gap-1">
      <figcaption className="flex flex-wrap justify-between gap-x-3">
        <span className="font-medium">{title}</span>
        <span className="text-muted">{words}</span>
      </figcaption>
      <svg
        role="img"
        aria-label={`${title}: ${words}`}
        viewBox={`0 0 ${steps.length * step} ${height}`}
        preserveAspectRatio="none"
        className="h-12 w-full border-control border-b"
      >
        {values.map((value, index) => {
          const size = ((value ?? 0) / top) * height;
          if (size === 0) return null;
          const at = steps[index]?.at ?? index;
          return (
            <rect key={at} x={index * step} y={height - size} width={barWidth} height={size} className="fill-control" />
          );
        })}
      </svg>
      <div className="flex justify-between text-muted text-sm">
        <StepTime step={steps.at(0)} span={span} />
        <span>
          <StepTime step={steps.at(-1)} span={span} /> <ZoneName />
        </span>
      </div>
    </figure>
  );
}
