import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { unseal } from "#lib/secrets.ts";
import { enrolWorker } from "#lib/workers/mutations.ts";
import { controlTokenPurpose } from "#lib/workers/tokens.ts";
import { workerState } from "#lib/workers/worker-state.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const enrolment = {
  id: "local",
  name: "Local",
  controlUrl: "http://127.0.0.1:8025",
  controlToken: "control-token-of-the-local-worker-001",
  reportToken: "report-token-of-the-local-worker-0001",
};

beforeEach(async () => {
  await database().worker.deleteMany();
});

function enrol(over: Partial<typeof enrolment> = {}): Promise<void> {
  return transaction((tx) => enrolWorker(tx, { ...enrolment, ...over }));
}

describe("enrolment", () => {
  test("keeps no token in readable form, in the row or in the audit log", async () => {
    await enrol();
    const rows = [await database().worker.findMany(), await database().auditEntry.findMany()];
    const text = JSON.stringify(rows, (_key, value) => (typeof value === "bigint" ? `${value}` : value));
    expect(text).not.toContain(enrolment.controlToken);
    expect(text).not.toContain(enrolment.reportToken);
    const { controlTokenSealed } = await database().worker.findFirstOrThrow();
    expect(unseal(controlTokenSealed, controlTokenPurpose("local"))).toBe(enrolment.controlToken);
  });

  test("a sealed token cannot be unsealed for another worker", async () => {
    await enrol();
    const { controlTokenSealed } = await database().worker.findFirstOrThrow();
    expect(() => unseal(controlTokenSealed, controlTokenPurpose("other"))).toThrow();
  });

  test("the same enrolment again writes no audit row; a new address does", async () => {
    await enrol();
    const before = await database().auditEntry.count();
    await enrol();
    expect(await database().auditEntry.count()).toBe(before);
    await enrol({ controlUrl: "http://127.0.0.1:9025" });
    expect(await database().auditEntry.count()).toBe(before + 1);
  });

  test("with a new report token the worker's reports count from 1 again", async () => {
    await enrol();
    await database().worker.updateMany({ data: { lastSequence: 7 } });
    await enrol({ name: "Renamed" });
    expect((await database().worker.findFirstOrThrow()).lastSequence).toBe(7);
    await enrol({ reportToken: "report-token-of-the-local-worker-0002" });
    expect((await database().worker.findFirstOrThrow()).lastSequence).toBe(0);
  });
});

describe("a worker's state", () => {
  const now = new Date("2026-01-05T10:00:10Z");
  const live = { number: 3, digest: "d3" };
  const heard = { lastSeenAt: new Date("2026-01-05T10:00:06Z"), appliedRevision: 3, appliedDigest: "d3" };

  test.each([
    ["up when heard lately on the live revision", heard, live, "up"],
    ["up before the first publish", heard, null, "up"],
    ["drifted on another revision", { ...heard, appliedRevision: 2 }, live, "drifted"],
    ["drifted on other content of the same number", { ...heard, appliedDigest: "x" }, live, "drifted"],
    ["down after 5 s of silence", { ...heard, lastSeenAt: new Date("2026-01-05T10:00:04.999Z") }, live, "down"],
    ["down before its first report", { ...heard, lastSeenAt: null }, live, "down"],
  ] as const)("%s", (_title, worker, revision, expected) => {
    expect(workerState(worker, revision, now)).toBe(expected);
  });
});
