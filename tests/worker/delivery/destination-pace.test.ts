import { expect, test } from "vitest";
import { attemptsByDomainMax, attemptsPerDestinationMax, DestinationPace } from "#worker/delivery/destination-pace.ts";

const targets = { lookup: "targets" as const };

test("a route without a word about it has 20 attempts at once, by MX 10 to a domain and 100 in all", () => {
  const pace = new DestinationPace(() => 0);
  expect([pace.attemptsPerDestination(targets), pace.attempts(targets)]).toEqual([20, 20]);
  expect([pace.attemptsPerDestination(null), pace.attempts(null)]).toEqual([20, 20]);
  expect(pace.attemptsPerDestination({ lookup: "mx" })).toBe(attemptsPerDestinationMax.mx);
  expect(pace.attempts({ lookup: "mx" })).toBe(attemptsByDomainMax);
});

test("concurrencyMax is what one destination gets at once", () => {
  const pace = new DestinationPace(() => 0);
  expect([
    pace.attempts({ ...targets, concurrencyMax: 2 }),
    pace.attemptsPerDestination({ lookup: "mx", concurrencyMax: 1 }),
  ]).toEqual([2, 1]);
});

test("messagesPerMinute is counted for each destination, goes on after a minute, and does not hang on the clock being set", () => {
  let now = 1_000_000;
  const pace = new DestinationPace(() => now);
  const route = { lookup: "mx" as const, messagesPerMinute: 2 };
  for (const key of ["a", "a", "b"]) pace.began(key, route);
  expect([pace.isFull("a", route), pace.isFull("b", route), pace.isFull("c", route)]).toEqual([true, false, false]);
  expect(pace.isFull("a", { lookup: "mx" })).toBe(false);
  now -= 500_000;
  expect(pace.isFull("a", route)).toBe(true);
  now += 70_000;
  expect(pace.isFull("a", route)).toBe(false);
});
