import { expect, test } from "vitest";
import { ClockJumps } from "#worker/delivery/clock-jumps.ts";
import { newProgress } from "#worker/spool/queue-record.ts";
import { SegmentSpool } from "#worker/spool/segment-spool.ts";
import { queueMessage } from "../../support/queued-message.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("time that passes is no jump, nor what NTP slews; a clock that is set is one, once", () => {
  let [now, elapsed] = [1_000_000, 0];
  const clock = new ClockJumps(
    () => now,
    () => elapsed,
  );
  now += 250;
  elapsed += 250;
  expect(clock.jump()).toBe(0);
  now += 251;
  elapsed += 250;
  expect(clock.jump()).toBe(0);
  now += 3_600_250;
  elapsed += 250;
  expect(clock.jump()).toBe(3_600_000);
  now -= 86_400_000 - 250;
  elapsed += 250;
  expect(clock.jump()).toBe(-86_400_000);
  expect(clock.jump()).toBe(0);
});

test("a clock that is set forward or back while messages wait changes no wait and no order", async () => {
  let now = 1_000_000_000;
  const stateDir = temporaryFolder();
  const spool = await SegmentSpool.open({ stateDir, now: () => now, damaged: () => undefined });
  const ids = [await queueMessage(spool, "1"), await queueMessage(spool, "2"), await queueMessage(spool, "3")];
  for (const [index, id] of ids.slice(0, 2).entries()) {
    spool.claim(id);
    const times = { lastAttemptAt: now, nextAttemptAt: now + 60_000 * (index + 1) };
    await spool.settle(id, { ...newProgress(1), state: "deferred", attempts: 1, ...times });
  }
  const waits = () => ids.map((id) => (spool.record(id)?.nextAttemptAt ?? now) - now);
  for (const jump of [86_400_000, -10 * 86_400_000]) {
    now += jump;
    spool.clockJumped(jump);
    expect(waits()).toEqual([60_000, 120_000, 0]);
  }
  expect([...spool.ids()]).toEqual(ids);
});

test("a clock that was set back while the worker was stopped makes nobody wait longer than before", async () => {
  const stateDir = temporaryFolder();
  const options = { stateDir, damaged: () => undefined };
  const ahead = await SegmentSpool.open({ ...options, now: () => 2_000_000 });
  const id = await queueMessage(ahead, "x");
  ahead.claim(id);
  const times = { lastAttemptAt: 2_000_000, nextAttemptAt: 2_060_000 };
  await ahead.settle(id, { ...newProgress(1), state: "deferred", attempts: 1, ...times });
  await ahead.close();
  const again = await SegmentSpool.open({ ...options, now: () => 1_000_000 });
  expect(again.record(id)?.nextAttemptAt).toBe(1_060_000);
});
