import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Ban, newBanSchema } from "#core/contract/ban.ts";
import { type BanCommandRequest, banCommandRequestSchema, controlPaths } from "#core/contract/control-api.ts";
import type { WorkerStatus } from "#core/contract/report.ts";
import { banAddress, liftBan } from "#lib/bans/mutations.ts";
import { listBans } from "#lib/bans/queries.ts";
import { closeDatabase, database } from "#lib/db.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { report } from "../../support/report-samples.ts";
import { enrol, reported } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();

const mara = { name: "Mara", address: "192.0.2.7" };
const asked: BanCommandRequest[] = [];
/** What the worker says it changed. */
let changed = 1;
let worker: Server;

beforeAll(async () => {
  worker = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    expect([request.method, request.url]).toEqual(["POST", controlPaths.banCommands]);
    asked.push(banCommandRequestSchema.parse(JSON.parse(text)));
    response.writeHead(200).end(JSON.stringify({ done: changed }));
  });
  await new Promise<void>((listening) => worker.listen(0, "127.0.0.1", listening));
  await enrol("local", `http://127.0.0.1:${(worker.address() as AddressInfo).port}`);
  await enrol("away", "http://127.0.0.1:9");
});

afterEach(async () => {
  asked.length = 0;
  changed = 1;
});

afterAll(async () => {
  worker.closeAllConnections();
  await new Promise((closed) => worker.close(closed));
  await closeDatabase();
});

async function lastAudit(many: number) {
  const rows = await database().auditEntry.findMany({ orderBy: { sequence: "desc" }, take: many });
  return rows.toReversed();
}

describe("a ban", () => {
  const ban = { address: "203.0.113.9", minutes: 30, reason: "probes our users" };

  test("goes to every worker with the person's name, and each has its own result", async () => {
    const results = await banAddress(ban, mara);
    expect(asked).toEqual([
      { command: "ban", addresses: ["203.0.113.9"], minutes: 30, reason: "probes our users", by: "Mara" },
    ]);
    expect(results).toMatchObject([
      { worker: "away", done: false, reason: expect.stringContaining("cannot be reached") },
      { worker: "local", done: true, reason: null },
    ]);
  });

  test("is in the audit log, and what was not done is there as well", async () => {
    await banAddress(ban, mara);
    expect(await lastAudit(2)).toMatchObject([
      {
        actor: "Mara",
        action: "bans.ban",
        object: "203.0.113.9",
        summary: "Mara asked to refuse 203.0.113.9 for 30 minutes.",
        detail: { minutes: 30, reason: "probes our users" },
      },
      { action: "bans.refusal", summary: "Refused or not confirmed by away." },
    ]);
  });

  test("says when a longer one stands already", async () => {
    changed = 0;
    const results = await banAddress(ban, mara);
    expect(results[1]).toEqual({ worker: "local", done: true, reason: "it was refused for longer already" });
  });

  test("needs one address, 1 to 10,080 minutes (20 by default) and a reason", () => {
    const accepts = (over: object) => newBanSchema.safeParse({ ...ban, ...over }).success;
    expect(newBanSchema.parse({ ...ban, minutes: undefined }).minutes).toBe(20);
    expect([accepts({}), accepts({ address: "2001:db8::1" })]).toEqual([true, true]);
    const wrong = [
      { address: "203.0.113.0/24" },
      { address: "mail.test" },
      { minutes: 0 },
      { minutes: 10_081 },
      { reason: " " },
    ];
    expect(wrong.filter(accepts)).toEqual([]);
  });
});

describe("a lift", () => {
  test("goes to the worker that refuses the address, and is in the audit log", async () => {
    expect(await liftBan({ workerId: "local", address: "203.0.113.9" }, mara)).toEqual([
      { worker: "local", done: true, reason: null },
    ]);
    expect(asked).toEqual([{ command: "lift", addresses: ["203.0.113.9"], by: "Mara" }]);
    expect(await lastAudit(1)).toMatchObject([{ action: "bans.lift", object: "203.0.113.9" }]);
  });

  test("for a worker that is not enrolled is refused, and nobody is asked", async () => {
    await expect(liftBan({ workerId: "nobody", address: "203.0.113.9" }, mara)).rejects.toThrow("not enrolled");
    expect(asked).toEqual([]);
  });
});

describe("the list", () => {
  const now = new Date("2026-01-05T10:00:00.000Z");

  function ban(address: string, until: string, over: Partial<Ban> = {}): Ban {
    return { address, since: "2026-01-05T09:00:00.000Z", until, reason: "rule: no spam", by: "rule", ...over };
  }

  function status(bans: Ban[], banCount = bans.length): WorkerStatus {
    return { ...report(1).status, bans, banCount };
  }

  test("holds what the workers last reported, the soonest to end first, without those that have ended", async () => {
    const bans = [
      ban("192.0.2.1", "2026-01-05T10:00:00.000Z"),
      ban("192.0.2.2", "2026-01-05T12:00:00.000Z"),
      ban("192.0.2.3", "2026-01-05T11:00:00.000Z", { by: "limit", reason: "limit: 20 errors in one session" }),
    ];
    await reported({ status: status(bans, 5) }, now);
    const list = await listBans(now);
    expect(list.rows).toEqual([
      { ...bans[2], workerId: "local", worker: "local" },
      { ...bans[1], workerId: "local", worker: "local" },
    ]);
    expect(list).toMatchObject({ unnamed: 2, workers: 2 });
  });

  test("says which workers are not heard", async () => {
    const later = new Date(now.getTime() + 3_600_000);
    expect((await listBans(later)).silent).toEqual([
      { name: "away", lastSeenAt: null },
      { name: "local", lastSeenAt: now.toISOString() },
    ]);
  });
});
