import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Report } from "#core/contract/report.ts";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { receiveReport } from "#lib/events/receive-report.ts";
import { enrolWorker } from "#lib/workers/mutations.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { messageEvent, queueEntry, report } from "../../support/report-samples.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const reportToken = "report-token-of-the-local-worker-0001";
const enrolment = {
  id: "local",
  name: "Local",
  controlUrl: "http://127.0.0.1:8025",
  controlToken: "control-token-of-the-local-worker-001",
  reportToken,
};

beforeEach(async () => {
  await database().$executeRaw`TRUNCATE "Worker", "MailEvent", "MessageFacts", "RuleHit", "TrafficMinute" CASCADE`;
  await transaction((tx) => enrolWorker(tx, enrolment));
});

function post(body: unknown, token = reportToken) {
  const request = new Request("http://127.0.0.1:3000/api/worker/v1/report", {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return receiveReport(request, new Date());
}

const full: Partial<Report> = {
  events: [messageEvent(), messageEvent({ id: "01JGTESTMESSAGE0000000000B", bytes: 500 })],
  counters: [{ ruleId: "rule-1", enforced: 2, observed: 1 }],
  queue: { reset: false, upserts: [queueEntry()], removals: [] },
};

describe("a worker's report", () => {
  test("200: events, counters, traffic, queue and status are there, and the sequence is acknowledged", async () => {
    expect(await post(report(1, full))).toEqual({ status: 200, body: { acceptedSequence: 1 }, driftedWorkerId: null });
    const event = await database().mailEvent.findUniqueOrThrow({ where: { id: "01JGTESTMESSAGE0000000000A" } });
    expect(event).toMatchObject({
      workerId: "local",
      verdict: "deny",
      recipients: ["b@example.test"],
      subject: "Invoice",
    });
    expect(event.detail).toEqual(messageEvent());
    expect(await database().ruleHit.findMany()).toEqual([
      {
        ruleId: "rule-1",
        hour: new Date("2026-01-05T10:00:00Z"),
        enforced: 2,
        observed: 1,
        lastAt: new Date(report(1, full).at),
      },
    ]);
    expect(await database().trafficMinute.findMany()).toMatchObject([
      { minute: new Date("2026-01-05T10:00:00Z"), interface: "External", verdict: "deny", messages: 2, bytes: 1500n },
    ]);
    expect(await database().queueEntry.findMany()).toMatchObject([{ id: "01JGTESTQUEUED00000000000A", attempts: 1 }]);
    expect((await database().worker.findFirstOrThrow()).lastSequence).toBe(1);
  });

  test("200: hits of the time before the counters of a rule were reset are left out", async () => {
    const at = new Date(report(1, full).at);
    await database().ruleReset.create({ data: { ruleId: "rule-1", at, by: "Mara" } });
    await post(report(1, full));
    expect(await database().ruleHit.count()).toBe(0);
    await database().ruleReset.update({ where: { ruleId: "rule-1" }, data: { at: new Date(at.getTime() - 1) } });
    await post(report(2, { ...full, events: [] }));
    expect(await database().ruleHit.findMany()).toMatchObject([{ ruleId: "rule-1", enforced: 2, observed: 1 }]);
  });

  test("200: the same report again changes nothing and is acknowledged in the same way", async () => {
    await post(report(1, full));
    expect((await post(report(1, full))).body).toEqual({ acceptedSequence: 1 });
    expect(await database().ruleHit.findFirst()).toMatchObject({ enforced: 2 });
    expect(await database().trafficMinute.findFirst()).toMatchObject({ messages: 2 });
  });

  test("200: two copies at the same time are applied once", async () => {
    await Promise.all([post(report(1, full)), post(report(1, full))]);
    expect(await database().ruleHit.findFirst()).toMatchObject({ enforced: 2 });
  });

  test("200: an event that came before in another report is not counted into the traffic again", async () => {
    await post(report(1, full));
    const third = messageEvent({ id: "01JGTESTMESSAGE0000000000C" });
    await post(report(2, { events: [messageEvent(), third] }));
    expect(await database().trafficMinute.findFirst()).toMatchObject({ messages: 3, bytes: 2500n });
    expect(await database().mailEvent.count()).toBe(3);
  });

  test("200: the queue follows changes, removals and a full snapshot", async () => {
    await post(report(1, full));
    await post(
      report(2, { queue: { reset: false, upserts: [queueEntry({ attempts: 2, state: "held" })], removals: [] } }),
    );
    expect(await database().queueEntry.findMany()).toMatchObject([{ attempts: 2, state: "held" }]);
    await post(report(3, { queue: { reset: true, upserts: [queueEntry({ id: "other" })], removals: [] } }));
    expect(await database().queueEntry.findMany()).toMatchObject([{ id: "other" }]);
    await post(report(4, { queue: { reset: false, upserts: [], removals: ["other"] } }));
    expect(await database().queueEntry.count()).toBe(0);
  });

  test("200: what a message was judged by lies beside its event, once, and not in it", async () => {
    const judged = JSON.stringify({ steps: ["\u0000"] });
    await post(report(1, { events: [messageEvent({ judged }), messageEvent({ id: "WITHOUT" })] }));
    await post(report(2, { events: [messageEvent({ judged: "{}" })] }));
    expect(await database().messageFacts.findMany()).toEqual([
      {
        eventId: "01JGTESTMESSAGE0000000000A",
        at: new Date("2026-01-05T10:00:30Z"),
        interface: "External",
        protocol: "smtp",
        policy: "In",
        verdict: "deny",
        ruleId: "5b2f9d3e-8f43-4a53-9d6d-0a4f4cf3d001",
        revision: 1,
        facts: judged,
      },
    ]);
    expect((await database().mailEvent.findFirstOrThrow()).detail).not.toHaveProperty("judged");
  });

  test("200: text that Postgres cannot hold is kept readable", async () => {
    await post(report(1, { events: [messageEvent({ subject: "a\u0000b\ud800" })] }));
    expect((await database().mailEvent.findFirstOrThrow()).subject).toBe("a\ufffdb\ufffd");
  });

  test("200: a worker that enforces something else than the live revision is named as drifted", async () => {
    const digest = "a".repeat(64);
    await database().revision.create({ data: { number: 1, document: "{}", digest, comment: "", authorName: "Mara" } });
    expect((await post(report(1))).driftedWorkerId).toBe("local");
    const status = { ...report(2).status, revision: 1, digest };
    expect((await post(report(2, { status }))).driftedWorkerId).toBeNull();
    await database().acknowledgement.deleteMany();
    await database().revision.deleteMany();
  });

  test("401: without a known token, and with another worker's", async () => {
    const other = "report-token-of-another-worker-000002";
    await transaction((tx) => enrolWorker(tx, { ...enrolment, id: "other", name: "Other", reportToken: other }));
    expect((await post(report(1), "unknown")).status).toBe(401);
    expect((await post(report(1), other)).status).toBe(401);
    expect((await database().worker.findUniqueOrThrow({ where: { id: "local" } })).lastSequence).toBe(0);
  });

  test("400: a body that is not JSON", async () => {
    expect((await post("{")).status).toBe(400);
  });

  test("413: a body over the cap", async () => {
    expect((await post("x".repeat(16 * 1024 * 1024 + 1))).status).toBe(413);
  });

  test("422: a body of another shape, with the reasons", async () => {
    const answer = await post({ ...report(1), sequence: 0, extra: true });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain("sequence");
  });
});
