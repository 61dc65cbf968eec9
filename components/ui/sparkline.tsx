type SparklineProps = { values: readonly number[]; label: string; className?: string };

const height = 16;
const barWidth = 3;

/** Small bars beside a number, the tallest for the greatest of `values`. `label` says what they show. */
export function Sparkline({ values, label, className }: SparklineProps) {
  const most = Math.max(1, ...values);
  const bars = values.map((value, n) => {
    const tall = value === 0 ? 0 : Math.max(1, Math.round((value / most) * height));
    return `M${n * barWidth} ${height}v-${tall}h${barWidth - 1}v${tall}z`;
  });
  const width = values.length * barWidth;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      className={className}
    >
      <path d={bars.join("")} className="fill-accent" />
    </svg>
  );
}
