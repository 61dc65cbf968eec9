import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { KnownRecipients } from "#worker/smtp/known-recipients.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { silentLog } from "../../support/worker-parts.ts";

const day = 86_400_000;

test("whom a server took is known after a restart, for the days that are asked for, on that route", async () => {
  const stateDir = temporaryFolder();
  let now = 1_000 * day;
  const open = () => new KnownRecipients({ stateDir, log: silentLog, now: () => now });
  const first = open();
  first.note("inside", 'odd "name"\u2028@x.test');
  first.note("inside", "gone@x.test");
  first.forget("inside", "gone@x.test");
  await first.close();
  appendFileSync(join(stateDir, "known-recipients"), "00000000 torn");
  const second = open();
  expect(second.tookWithin("inside", 'odd "name"\u2028@x.test', 90)).toBe(true);
  expect(second.tookWithin("outside", 'odd "name"\u2028@x.test', 90)).toBe(false);
  expect(second.tookWithin("inside", "gone@x.test", 90)).toBe(false);
  now += 90 * day;
  expect(second.tookWithin("inside", 'odd "name"\u2028@x.test', 90)).toBe(false);
  await second.close();
});
