import { vi } from "vitest";

/** Calls with milliseconds set the machine's clock on, or back, until the test ends. Call it before anything keeps `Date.now`. */
export function settableClock(): (ms: number) => void {
  const real = Date.now;
  let setBy = 0;
  vi.spyOn(Date, "now").mockImplementation(() => real() + setBy);
  return (ms) => void (setBy += ms);
}

export const clockJumps: readonly [string, number][] = [
  ["back", -86_400_000],
  ["ahead", 86_400_000],
];
