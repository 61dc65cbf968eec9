import { expect, test } from "vitest";
import { reportEventsMax } from "#core/contract/report.ts";
import { pendingEventsMax, ReportRecorder } from "#worker/report/report-recorder.ts";
import { messageEvent } from "../../support/report-samples.ts";

const bytesMax = 1024 * 1024;

test("a batch holds at most the contract's number of events, the rest comes in the next ones", () => {
  const recorder = new ReportRecorder();
  for (let n = 0; n < reportEventsMax + 1; n++) recorder.event(messageEvent({ id: `E${n}` }));
  expect(recorder.take(bytesMax)?.batch.events).toHaveLength(reportEventsMax);
  expect(recorder.take(bytesMax)?.batch.events.map(({ id }) => id)).toEqual([`E${reportEventsMax}`]);
  expect(recorder.take(bytesMax)).toBeNull();
});

test("a batch holds at most the given bytes, and what is written is what is told", () => {
  const recorder = new ReportRecorder();
  const event = messageEvent();
  for (let n = 0; n < 5; n++) recorder.event(event);
  recorder.ruleHit("r", "observed");
  const taken = recorder.take(2 * JSON.stringify(event).length + 10);
  expect(taken?.batch.events).toHaveLength(2);
  expect(JSON.parse(taken?.json ?? "")).toEqual(taken?.batch);
});

test("events past the cap in memory, and one that fits no batch, are dropped and counted", () => {
  const recorder = new ReportRecorder();
  recorder.event(messageEvent({ subject: "x".repeat(2_000) }));
  for (let n = 0; n < pendingEventsMax + 2; n++) recorder.event(messageEvent());
  let told = 0;
  let dropped = 0;
  for (let taken = recorder.take(2_000); taken !== null; taken = recorder.take(2_000)) {
    told += taken.batch.events.length;
    dropped += taken.batch.eventsDropped;
  }
  expect([told, dropped]).toEqual([pendingEventsMax - 1, 4]);
});
