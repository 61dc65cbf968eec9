import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BanFile, keptBansMax } from "#worker/net/ban-file.ts";
import { SourceBans } from "#worker/net/source-bans.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { silentLog } from "../../support/worker-parts.ts";

const reason = { reason: "rule: no spam", by: "rule" as const };

function start(stateDir: string, now: number) {
  const bans = new SourceBans(() => now);
  return { bans, file: new BanFile(stateDir, bans, silentLog) };
}

test("bans outlive a restart with all that is known of them; those that ended meanwhile are forgotten", async () => {
  const stateDir = temporaryFolder();
  const before = start(stateDir, 0);
  before.bans.ban("192.0.2.1", { minutes: 1, ...reason });
  before.bans.ban("2001:db8::1", { minutes: 20, ...reason });
  before.bans.ban("192.0.2.3", { minutes: 20, ...reason });
  before.bans.lift("192.0.2.3");
  await before.file.close();
  const after = start(stateDir, 60_000);
  expect(after.bans.list()).toEqual([
    {
      address: "2001:db8::1",
      since: "1970-01-01T00:00:00.000Z",
      until: "1970-01-01T00:20:00.000Z",
      ...reason,
    },
  ]);
  await after.file.close();
});

test(`at most ${keptBansMax} are kept`, async () => {
  const stateDir = temporaryFolder();
  const { bans, file } = start(stateDir, 0);
  for (let i = 0; i <= keptBansMax; i++) bans.ban(`10.0.${i >> 8}.${i & 255}`, { minutes: 20, ...reason });
  await file.close();
  const after = start(stateDir, 0);
  expect(after.bans.count).toBe(keptBansMax);
  await after.file.close();
});

test("without a change nothing is written, and a file that is damaged or a folder that is gone stops nobody", async () => {
  const stateDir = temporaryFolder();
  const path = join(stateDir, "bans.json");
  writeFileSync(path, "[{");
  const { bans, file } = start(stateDir, 0);
  expect(bans.count).toBe(0);
  await file.close();
  expect(readFileSync(path, "utf8")).toBe("[{");
  const gone = new BanFile(join(stateDir, "nowhere"), bans, silentLog);
  bans.ban("192.0.2.1", { minutes: 1, ...reason });
  await gone.close();
  expect(bans.isBanned("192.0.2.1")).toBe(true);
});
