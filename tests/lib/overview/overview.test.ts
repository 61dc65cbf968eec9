import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { WorkerStatus } from "#core/contract/report.ts";
import { closeDatabase, database } from "#lib/db.ts";
import { readOverview } from "#lib/overview/overview.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { connectionEvent, messageEvent, quarantineEntry, queueEntry, report } from "../../support/report-samples.ts";
import { enrol, reported } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const now = new Date("2026-01-05T10:00:45Z");
const ruleId = "5b2f9d3e-8f43-4a53-9d6d-0a4f4cf3d001";

beforeEach(async () => {
  await database().$executeRaw`
    TRUNCATE "Worker", "MailEvent", "RuleHit", "TrafficMinute", "QueueEntry", "QuarantineEntry", "Acknowledgement", "Revision" CASCADE`;
});

function status(over: Partial<WorkerStatus>): WorkerStatus {
  return { ...report(1).status, ...over };
}

const listeners: WorkerStatus["listeners"] = [
  { address: "127.0.0.1", port: 2110, protocol: "pop3", interface: "Trusted", connections: 2 },
  { address: "127.0.0.1", port: 2525, protocol: "smtp", interface: "External", connections: 3 },
];

describe("the overview", () => {
  test("of a new installation is empty and says that no worker is enrolled", async () => {
    const overview = await readOverview(null, now);
    expect(overview).toMatchObject({
      now: { messagesLastMinute: 0, anyMessageEver: false },
      queue: { depth: 0, failed: 0, oldestAt: null },
      workers: { heard: 0, all: 0 },
      liveRevision: null,
      smtpListener: null,
    });
    expect(overview.minutes).toHaveLength(60);
    expect(overview.attention.items.map(({ text }) => text)).toEqual(["No worker is enrolled: no mail is handled."]);
  });

  test("counts messages by minute and verdict over the last hour, the running minute last", async () => {
    await enrol();
    const events = [
      messageEvent({ id: "A" }),
      messageEvent({ id: "B", at: "2026-01-05T09:01:10.000Z" }),
      messageEvent({ id: "C", at: "2026-01-05T09:00:50.000Z" }),
    ];
    await reported({ events }, now);
    const { minutes, now: traffic } = await readOverview(null, now);
    expect(minutes.at(-1)).toEqual({ minute: "2026-01-05T10:00:00.000Z", byVerdict: { deny: 1 } });
    expect(minutes.at(0)).toEqual({ minute: "2026-01-05T09:01:00.000Z", byVerdict: { deny: 1 } });
    expect(traffic).toEqual({ messagesLastMinute: 1, anyMessageEver: true });
  });

  test("adds up connections of the workers that are heard and names a listener for the first message", async () => {
    await enrol();
    await enrol("silent");
    await reported({ status: status({ listeners }) }, now);
    await reported({ status: status({ listeners }) }, new Date("2026-01-05T09:00:00Z"), "silent");
    const overview = await readOverview(null, now);
    expect(overview).toMatchObject({ connections: 5, workers: { heard: 1, all: 2 }, smtpListener: { port: 2525 } });
    expect(overview.attention.items).toEqual([{ text: "Worker silent is not heard.", detail: null, href: "/workers" }]);
  });

  test("asks for attention to routes that are down, refused pushes, failed messages and faults, five at most", async () => {
    await enrol();
    await database().revision.create({
      data: {
        number: 3,
        document: "{}",
        digest: "d",
        comment: "",
        authorName: "Mara",
        acknowledgements: { create: { workerId: "local", at: now, applied: false, error: "port 25 is taken" } },
      },
    });
    const failing = {
      state: "down",
      since: null,
      oldestAt: null,
      lastError: "refused",
      targets: [] as never[],
    } as const;
    const down = { ...failing, route: "inside", protocol: "smtp", byDomain: false, queued: 4 } as const;
    const mailbox = { ...failing, route: "mailbox", protocol: "pop3", byDomain: false, queued: 0 } as const;
    await reported(
      {
        status: status({ revision: 2, routes: [down, mailbox], faults: ["disk", "clock", "memory"] }),
        queue: { reset: true, upserts: [queueEntry({ state: "failed" }), queueEntry({ id: "B" })], removals: [] },
      },
      now,
    );
    const overview = await readOverview(null, now);
    expect(overview.attention.items).toEqual([
      { text: "Worker local enforces r2, not r3.", detail: null, href: "/workers" },
      { text: "Worker local did not take r3.", detail: "port 25 is taken", href: "/revisions/3" },
      { text: "Route inside is down, 4 in the queue.", detail: "refused", href: "/queue?route=inside" },
      { text: "Route mailbox is down: its mailboxes cannot be opened.", detail: "refused", href: "/routes" },
      { text: "1 queued message failed for good. Retry or delete.", detail: null, href: "/queue?state=failed" },
    ]);
    expect(overview.attention.more).toBe(3);
    expect(overview).toMatchObject({
      liveRevision: 3,
      queue: { depth: 2, failed: 1, oldestAt: "2026-01-05T10:00:00.000Z" },
    });
  });

  test("asks for attention to a scanner that gives no verdicts", async () => {
    await enrol();
    const failing = {
      scanner: "av",
      state: "failing",
      version: null,
      signaturesAt: null,
      lastVerdictAt: null,
      lastError: "connection refused",
      lastErrorAt: "2026-01-05T10:00:00.000Z",
      scansLastHour: 0,
      failuresLastHour: 7,
      medianMs: null,
    } as const;
    await reported({ status: status({ scanners: [failing, { ...failing, scanner: "spam", state: "up" }] }) }, now);
    expect((await readOverview(null, now)).attention.items).toContainEqual({
      text: "Scanner av gives worker local no verdicts: 7 in the last hour.",
      detail: "connection refused",
      href: "/inspection/scanners",
    });
  });

  test("ranks the rules of the last 24 hours; a rule that is not in the draft has the name of its last event", async () => {
    await enrol();
    const other = "5b2f9d3e-8f43-4a53-9d6d-0a4f4cf3d009";
    await reported({ events: [messageEvent()], counters: [{ ruleId, enforced: 1, observed: 1 }] }, now);
    await reported({ counters: [{ ruleId: other, enforced: 5, observed: 0 }] }, now);
    await reported({ counters: [{ ruleId, enforced: 90, observed: 0 }] }, new Date("2026-01-03T00:00:00Z"));
    expect((await readOverview(null, now)).topRules).toEqual([
      { ruleId: other, name: null, enforced: 5, observed: 0 },
      { ruleId, name: "executables", enforced: 1, observed: 1 },
    ]);
  });

  test("at an interface counts what was reported under any of its names, and keeps what is of all of them", async () => {
    await enrol();
    const elsewhere = { interface: "Trusted", at: "2026-01-05T10:00:20.000Z" };
    await reported(
      {
        status: status({ listeners }),
        events: [
          messageEvent({ id: "A" }),
          messageEvent({ id: "B", ...elsewhere }),
          messageEvent({ id: "C", ...elsewhere }),
        ],
        queue: {
          reset: true,
          upserts: [
            queueEntry({ id: "Q1", state: "failed" }),
            queueEntry({ id: "Q2", interface: "Old", state: "failed" }),
          ],
          removals: [],
        },
        counters: [{ ruleId, enforced: 1, observed: 0 }],
      },
      now,
    );
    const overview = await readOverview({ id: null, name: "Trusted", names: ["Trusted", "Old"] }, now);
    expect(overview).toMatchObject({
      now: { messagesLastMinute: 2 },
      queue: { depth: 1, failed: 1 },
      connections: 2,
      workers: { heard: 1, all: 1 },
      topRules: [],
    });
    expect(overview.minutes.at(-1)?.byVerdict).toEqual({ deny: 2 });
    expect(overview.attention.items.map(({ text }) => text)).toContain(
      "2 queued messages failed for good. Retry or delete.",
    );
  });

  test("shows what people changed, without sign-ins", async () => {
    await enrol();
    const { recentChanges } = await readOverview(null, now);
    expect(recentChanges[0]).toMatchObject({ actor: "Postern", summary: expect.stringContaining("enrolled") });
  });

  test("tells which rules rang an alarm in the last 24 hours, how often, and where their messages are", async () => {
    await enrol();
    const rang = (id: string, at: string, alarms: { ruleId: string; ruleName: string }[]) => {
      const event = messageEvent({ id, at });
      return { ...event, decision: { ...event.decision, alarms } };
    };
    const programs = { ruleId, ruleName: "programs" };
    const spoofs = { ruleId: "5b2f9d3e-8f43-4a53-9d6d-0a4f4cf3d002", ruleName: "spoofs" };
    await reported(
      {
        events: [
          rang("A", "2026-01-05T09:00:00.000Z", [programs, spoofs]),
          rang("B", "2026-01-05T10:00:00.000Z", [programs]),
          rang("C", "2026-01-04T09:00:00.000Z", [spoofs]),
          messageEvent({ id: "D" }),
        ],
      },
      now,
    );
    expect((await readOverview(null, now)).attention.items).toEqual([
      {
        text: "Alarm: rule “programs” matched 2 times in 24 h.",
        detail: null,
        lastAt: "2026-01-05T10:00:00.000Z",
        href: `/messages?alarm=yes&range=day&rule=${ruleId}`,
      },
      {
        text: "Alarm: rule “spoofs” matched once in 24 h.",
        detail: null,
        lastAt: "2026-01-05T09:00:00.000Z",
        href: `/messages?alarm=yes&range=day&rule=${spoofs.ruleId}`,
      },
    ]);
  });

  test("tells how many sessions raised an alarm for deletions, and where they are", async () => {
    await enrol();
    const alarm = "1 message was deleted";
    await reported({ events: [connectionEvent({ alarm }), connectionEvent({ id: "QUIET" })] }, now);
    expect((await readOverview(null, now)).attention.items).toEqual([
      {
        text: "Alarm: 1 session deleted messages in 24 h.",
        detail: null,
        lastAt: "2026-01-05T10:01:00.000Z",
        href: "/connections?alarm=yes&range=day",
      },
    ]);
  });

  test("asks for attention to messages that wait for approval, and not to those that were approved", async () => {
    await enrol();
    const waiting = quarantineEntry({ id: "W1", cause: "approval" });
    const approved = quarantineEntry({ id: "W2", cause: "approval", state: "released" });
    const upserts = [waiting, approved, quarantineEntry({ id: "W3", cause: "spam" })];
    await reported({ quarantine: { reset: true, upserts, removals: [] } }, now);
    expect((await readOverview(null, now)).attention.items).toEqual([
      {
        text: "1 message waits for approval.",
        detail: "Approve or delete.",
        href: "/quarantine?cause=approval&state=held",
      },
    ]);
  });
});
