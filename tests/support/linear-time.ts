import { expect } from "vitest";

/**
 * Expects that sixteen times the size costs about sixteen times the time. Quadratic work would cost 256 times: between the two is room
 * for what compilation and garbage collection do to single measurements. Only the time of the processor counts, not that of waiting for it.
 */
export function expectLinearTime(make: (size: number) => string, read: (text: string) => void, size = 20_000): void {
  const small = make(size);
  const large = make(16 * size);
  read(small);
  let ratio = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 3 && ratio > 100; attempt++) {
    ratio = (fastest(large, read) + 1) / (fastest(small, read) + 1);
  }
  expect(ratio).toBeLessThanOrEqual(100);
}

/** Milliseconds of the processor: what others use of it does not count. */
function fastest(text: string, read: (text: string) => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run++) {
    const before = process.cpuUsage();
    read(text);
    best = Math.min(best, process.cpuUsage(before).user / 1000);
  }
  return best;
}
