import type { Measurement } from "./measure.ts";

const header = ["workload", "direct msg/s", "through msg/s", "ratio", "through MB/s", "ms/msg", "CPU s/1,000"];

/** The measurements as a plain table. */
export function table(measurements: readonly Measurement[]): string {
  const rows = measurements.map(
    ({ workload, directPerSecond, throughPerSecond, ratio, processorSecondsPerThousand }) => [
      workload.name,
      directPerSecond.toFixed(0),
      throughPerSecond.toFixed(0),
      ratio.toFixed(2),
      ((throughPerSecond * workload.bytes) / 1e6).toFixed(1),
      ((1000 * workload.connections) / throughPerSecond).toFixed(2),
      processorSecondsPerThousand.toFixed(2),
    ],
  );
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  return [header, widths.map((width) => "-".repeat(width)), ...rows].map(line).join("\n");
}
