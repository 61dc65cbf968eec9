import { expect } from "vitest";

/**
 * Expects that eight times the size costs about eight times the time. Quadratic work would cost 64 times: between the two is room for
 * a machine that is busy with something else, and the fastest of several runs is taken.
 */
export function expectLinearTime(make: (size: number) => string, read: (text: string) => void, size = 40_000): void {
  const small = make(size);
  const large = make(8 * size);
  read(small);
  const ratio = (fastest(large, read) + 1) / (fastest(small, read) + 1);
  expect(ratio).toBeLessThan(24);
}

function fastest(text: string, read: (text: string) => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    read(text);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}
