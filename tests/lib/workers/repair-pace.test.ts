import { expect, it } from "vitest";
import { noteAnswer, repairDue } from "#lib/workers/repair-pace.ts";

/** The seconds at which a worker is given its revision that reports another one every 2 seconds and answers so. */
function pushesOf(workerId: string, seconds: number, answer: (second: number) => string | null): number[] {
  const pushes: number[] = [];
  for (let second = 0; second <= seconds; second += 2) {
    if (!repairDue(workerId, second * 1_000)) continue;
    pushes.push(second);
    noteAnswer(workerId, 7, answer(second));
  }
  return pushes;
}

it("a worker that says something else each time is asked every 10 seconds", () => {
  expect(pushesOf("one", 40, (second) => `port ${second} is taken`)).toEqual([0, 10, 20, 30, 40]);
});

it("one that refuses for the same reason is asked half as often each time, up to every 160 seconds", () => {
  expect(pushesOf("two", 800, () => "port 25 is taken")).toEqual([0, 10, 30, 70, 150, 310, 470, 630, 790]);
});

it("another revision, and one that it takes, begin anew", () => {
  pushesOf("three", 100, () => "port 25 is taken");
  noteAnswer("three", 8, "port 25 is taken");
  expect(pushesOf("three", 1_010, () => null).length).toBeGreaterThan(80);
});
