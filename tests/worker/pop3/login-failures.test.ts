import { describe, expect, test } from "vitest";
import { pop3LimitsSchema } from "#core/contract/limits.ts";
import {
  countedSourcesMax,
  knownSourceMs,
  knownSourcesPerUserMax,
  LoginFailures,
  slowFailureMs,
  slowStepsMax,
} from "#worker/pop3/login-failures.ts";

const limits = pop3LimitsSchema.parse({
  loginFailuresPerSourceMax: 3,
  loginFailuresPerUserMax: 5,
  loginFailureMinutes: 10,
});
const minuteMs = 60_000;

function counting() {
  const clock = { now: 1_000_000 };
  const failures = new LoginFailures(() => clock.now);
  const fail = (source: string, user: string | null, times = 1) => {
    for (let n = 0; n < times; n++) failures.note(source, user, limits);
  };
  const refusal = (source: string, user: string | null) => failures.refusal(source, user, limits);
  return { clock, failures, fail, refusal };
}

describe("failed logins by source", () => {
  test("are refused past the limit, whoever is named, and other sources are not", () => {
    const { fail, refusal } = counting();
    fail("192.0.2.1", "joe", 2);
    expect(refusal("192.0.2.1", "joe")).toBeNull();
    fail("192.0.2.1", null);
    expect(refusal("192.0.2.1", "ann")).toBe("source");
    expect(refusal("192.0.2.2", "ann")).toBeNull();
  });

  test("of IPv6 are counted by the network that one client holds, and a user is known there whatever the address", () => {
    const { failures, fail, refusal } = counting();
    failures.succeeded("2001:db8:5::1", "joe");
    for (let n = 1; n <= 3; n++) fail(`2001:db8::${n}`, "joe");
    expect(refusal("2001:db8::ffff", "ann")).toBe("source");
    expect(refusal("2001:db8:0:1::1", "ann")).toBeNull();
    for (let n = 1; n <= 2; n++) fail(`192.0.2.${n}`, "joe");
    expect(refusal("2001:db8:6::1", "joe")).toBe("user");
    expect(refusal("2001:db8:5::2", "joe")).toBeNull();
  });

  test("the one that reaches the limit is told, once", () => {
    const { failures } = counting();
    const told = Array.from({ length: 5 }, (_, n) => failures.note("192.0.2.1", `user${n}`, limits));
    expect(told).toEqual([false, false, true, false, false]);
  });

  test("are forgotten after their time, and when the clock is set back", () => {
    const { clock, fail, refusal } = counting();
    for (const change of [10 * minuteMs, -10 * minuteMs]) {
      fail("192.0.2.1", "joe", 3);
      expect(refusal("192.0.2.1", "joe")).toBe("source");
      clock.now += change;
      expect(refusal("192.0.2.1", "joe")).toBeNull();
    }
  });

  test("are kept for so many sources: the one that began longest ago gives way", () => {
    const { fail, refusal } = counting();
    fail("first", "joe", 3);
    for (let n = 0; n < countedSourcesMax; n++) fail(`source ${n}`, null);
    expect(refusal("first", "ann")).toBeNull();
  });
});

describe("failed logins of a user", () => {
  test("over all sources hold back every source from which the user did not log in before", () => {
    const { failures, fail, refusal } = counting();
    failures.succeeded("203.0.113.5", "Joe");
    for (let n = 0; n < 5; n++) fail(`192.0.2.${n}`, "joe");
    expect(refusal("198.51.100.1", "joe")).toBe("user");
    expect(refusal("198.51.100.1", "JOE")).toBe("user");
    expect(refusal("198.51.100.1", "ann")).toBeNull();
    expect(refusal("203.0.113.5", "joe")).toBeNull();
  });

  test("a user that does not exist is held back alike", () => {
    const { fail, refusal } = counting();
    for (let n = 0; n < 5; n++) fail(`192.0.2.${n}`, "nobody");
    expect(refusal("198.51.100.1", "nobody")).toBe("user");
  });

  test("a source that was used up is refused although the user logged in from it", () => {
    const { failures, fail, refusal } = counting();
    failures.succeeded("203.0.113.5", "joe");
    fail("203.0.113.5", "joe", 3);
    expect(refusal("203.0.113.5", "joe")).toBe("source");
  });

  test("a source is known for so long, and so many of one user: the one that was silent longest gives way", () => {
    const { clock, failures, fail, refusal } = counting();
    for (let n = 0; n <= knownSourcesPerUserMax; n++) failures.succeeded(`203.0.113.${n}`, "joe");
    for (let n = 0; n < 5; n++) fail(`192.0.2.${n}`, "joe");
    expect(refusal("203.0.113.0", "joe")).toBe("user");
    expect(refusal("203.0.113.1", "joe")).toBeNull();
    clock.now += knownSourceMs;
    for (let n = 0; n < 5; n++) fail(`192.0.2.${n}`, "joe");
    expect(refusal("203.0.113.1", "joe")).toBe("user");
  });
});

describe("the answer to a failed login", () => {
  test("comes in whole steps, at the first unless something was slower", () => {
    const { failures } = counting();
    expect([0, 5, 2_000].map((passed) => failures.answerAfterMs(passed, 2_000))).toEqual([2_000, 2_000, 2_000]);
  });

  test("comes as late as the slowest of late, so that what fails at once takes no less", () => {
    const { clock, failures } = counting();
    expect(failures.answerAfterMs(2_100, 2_000)).toBe(4_000);
    expect(failures.answerAfterMs(1, 2_000)).toBe(4_000);
    clock.now += slowFailureMs;
    expect(failures.answerAfterMs(1, 2_000)).toBe(2_000);
  });

  test("a server that hangs does not hold everybody up without end", () => {
    const { failures } = counting();
    expect(failures.answerAfterMs(600_000, 2_000)).toBe(slowStepsMax * 2_000);
  });
});
