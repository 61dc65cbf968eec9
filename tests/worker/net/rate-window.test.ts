import { describe, expect, test } from "vitest";
import { RateWindow } from "#worker/net/rate-window.ts";
import { seededRandom } from "../../support/seeded-random.ts";

const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);

describe("a window of a minute", () => {
  test("takes as many as it may, and more when 70 seconds have passed", () => {
    let now = 0;
    const window = new RateWindow(() => now);
    expect([window.take("a", 2), window.take("a", 2), window.take("a", 2)]).toEqual([true, true, false]);
    expect(window.take("b", 2)).toBe(true);
    now = 60_000;
    expect(window.take("a", 2)).toBe(false);
    now = 70_000;
    expect(window.take("a", 2)).toBe(true);
  });

  test(`no minute ever holds more than the limit, and a refusal always has that many within 70 seconds (seed ${seed})`, () => {
    const random = seededRandom(seed);
    let now = 1_700_000_000_000;
    const window = new RateWindow(() => now);
    const taken: number[] = [];
    const most = 5;
    for (let round = 0; round < 20_000; round++) {
      now += Math.floor(random() * (random() < 0.1 ? 90_000 : 9_000));
      const within = (ms: number) => taken.filter((at) => at > now - ms).length;
      if (window.take("a", most)) {
        expect(within(60_000)).toBeLessThan(most);
        taken.push(now);
        if (taken.length > 100) taken.shift();
      } else expect(within(70_000)).toBeGreaterThanOrEqual(most);
    }
  });

  test("a clock that is set back begins anew", () => {
    let now = 100_000;
    const window = new RateWindow(() => now);
    window.take("a", 1);
    now = 0;
    expect([window.take("a", 1), window.take("a", 1)]).toEqual([true, false]);
  });

  test("past the most sources, the one that was silent longest is forgotten", () => {
    let now = 0;
    const window = new RateWindow(() => now, 2);
    window.take("a", 1);
    window.take("b", 2);
    now = 10_000;
    window.take("a", 2);
    window.take("c", 1);
    expect([window.take("a", 2), window.take("b", 1)]).toEqual([false, true]);
  });
});
