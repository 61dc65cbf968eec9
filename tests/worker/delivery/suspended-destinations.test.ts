import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { expect, test } from "vitest";
import { SuspendedDestinations, suspendedDestinationsMax } from "#worker/delivery/suspended-destinations.ts";
import { destinationKey } from "#worker/spool/destination-names.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { silentLog } from "../../support/worker-parts.ts";

const suspension = (destination: string) => ({
  ...{ route: "internet", destination, by: "Mara" },
  since: "2026-01-05T10:00:00.000Z",
});

test("what is suspended is so after a restart, until it is resumed", async () => {
  const stateDir = temporaryFolder();
  const open = () => new SuspendedDestinations(stateDir, silentLog);
  const suspended = open();
  const both = await Promise.all(["a.test", "b.test"].map((name) => suspended.suspend(suspension(name))));
  expect(both).toEqual([null, null]);
  expect(open().list()).toEqual([suspension("a.test"), suspension("b.test")]);
  expect(await open().resume(suspension("a.test"))).toBeNull();
  const again = open();
  expect([again.has(destinationKey("internet", "a.test")), again.has(destinationKey("internet", "b.test"))]).toEqual([
    false,
    true,
  ]);
  expect(readdirSync(stateDir)).toEqual(["suspended-destinations.json"]);
});

test("what cannot be written does not hold", async () => {
  const stateDir = temporaryFolder();
  const suspended = new SuspendedDestinations(stateDir, silentLog);
  mkdirSync(join(stateDir, "suspended-destinations.json"));
  await expect(suspended.suspend(suspension("a.test"))).rejects.toThrow();
  expect(suspended.list()).toEqual([]);
});

test("a file that is damaged is told, and nothing is suspended", () => {
  const stateDir = temporaryFolder();
  writeFileSync(join(stateDir, "suspended-destinations.json"), '[{"route":');
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  expect(new SuspendedDestinations(stateDir, log).list()).toEqual([]);
  expect(lines).toEqual([expect.stringContaining("cannot be read")]);
});

test(`past suspendedDestinationsMax a person is asked to resume some`, async () => {
  const stateDir = temporaryFolder();
  const all = Array.from({ length: suspendedDestinationsMax }, (_, n) => suspension(`d${n}.test`));
  writeFileSync(join(stateDir, "suspended-destinations.json"), JSON.stringify(all));
  const suspended = new SuspendedDestinations(stateDir, silentLog);
  expect(await suspended.suspend(suspension("more.test"))).toMatch(/resume some/);
  expect(await suspended.suspend(suspension("d5.test"))).toBe("it is suspended already");
});
