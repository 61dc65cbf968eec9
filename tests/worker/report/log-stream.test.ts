import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { LogStream } from "#worker/report/log-stream.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { waitUntil } from "../../support/wait-until.ts";

function logToFile() {
  const file = join(temporaryFolder(), "log");
  const fd = openSync(file, "a");
  onTestFinished(() => closeSync(fd));
  const stream = new LogStream(fd);
  onTestFinished(() => stream.flushSync());
  return { log: pino({}, stream), text: () => readFileSync(file, "utf8") };
}

test("everyday lines are written together a moment later", async () => {
  const { log, text } = logToFile();
  log.info("one");
  log.info("two");
  expect(text()).toBe("");
  await waitUntil("the lines", () => text() !== "");
  expect(text().split("\n")).toHaveLength(3);
});

test("many lines do not wait for the moment", () => {
  const { log, text } = logToFile();
  for (let n = 0; n < 1_000; n++) log.info({ n, text: "x".repeat(100) }, "line");
  expect(text().split("\n").length).toBeGreaterThan(900);
});

test.each(["warn", "error", "fatal"] as const)(
  "a line of level %s is written at once, after those before it",
  (level) => {
    const { log, text } = logToFile();
    log.info("before");
    log[level]("now");
    expect(text()).toMatch(/before[^]*now/);
  },
);
