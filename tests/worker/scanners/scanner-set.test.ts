import { expect, onTestFinished, test } from "vitest";
import { ScannerSet } from "#worker/scanners/scanner-set.ts";
import { FakeScanner } from "../../support/fake-scanner.ts";
import { scanned, scannerSettings, subjectOf } from "../../support/scanned.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { silentLog } from "../../support/worker-parts.ts";

const content = subjectOf("content");

function makeSet(): ScannerSet {
  const set = new ScannerSet({ log: silentLog, now: Date.now });
  onTestFinished(() => set.close());
  return set;
}

test("has the scanners of the policy, by name and in its order, and forgets those that go", async () => {
  const { at } = await FakeScanner.start(() => null);
  const set = makeSet();
  const [one, two] = ["one", "two"].map((name) => scannerSettings({ name, kind: "clamd", at }));
  if (one === undefined || two === undefined) throw new Error("two scanners");
  set.apply([one, two]);
  expect(set.statuses().map(({ scanner }) => scanner)).toEqual(["one", "two"]);
  set.apply([two]);
  expect(set.get("one")).toBeUndefined();
  expect(set.get("two")?.name).toBe("two");
});

test("keeps a scanner whose settings are the same, and makes one anew whose settings changed", async () => {
  const { at } = await FakeScanner.start(() => null);
  const set = makeSet();
  set.apply([scannerSettings({ name: "one", kind: "clamd", at })]);
  const before = set.get("one");
  set.apply([scannerSettings({ name: "one", kind: "clamd", at })]);
  expect(set.get("one")).toBe(before);
  set.apply([scannerSettings({ name: "one", kind: "clamd", at, timeLimitMs: 500 })]);
  expect(set.get("one")).not.toBe(before);
});

test("a scan under way and those in line are answered though the scanner is gone from the policy", async () => {
  const clamd = await FakeScanner.start(() => null);
  const set = makeSet();
  set.apply([scannerSettings({ name: "one", kind: "clamd", at: clamd.at, connectionsMax: 1 })]);
  const scanner = set.get("one");
  if (scanner === undefined) throw new Error("no scanner");
  const reports = Promise.all([scanned(scanner, content), scanned(scanner, content)]);
  await waitUntil("the first is under way", () => clamd.received.some((text) => text.endsWith("\0\0\0\0")));
  set.apply([]);
  const served: number[] = [];
  clamd.answer = (heard, connection) => {
    if (!heard.endsWith("\0\0\0\0")) return null;
    served[connection] = (served[connection] ?? 1) + 1;
    return `${served[connection]}: stream: OK\0`;
  };
  clamd.say("1: stream: OK\0");
  expect((await reports).map(({ result }) => result)).toEqual(["clean", "clean"]);
  await waitUntil("no connection is left", () => clamd.openConnections === 0);
});
