import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SessionEvent } from "#core/contract/event.ts";
import { readConnectionStory, searchConnections } from "#lib/connections/queries.ts";
import { connectionSearchSchema } from "#lib/connections/search.ts";
import { closeDatabase, database } from "#lib/db.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { connectionEvent, messageEvent } from "../../support/report-samples.ts";
import { enrol, reportedEvents } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const now = new Date("2026-01-05T12:00:00Z");
const sessionEvent = (over: Partial<SessionEvent>): SessionEvent => ({
  kind: "session",
  id: "TURNED-AWAY",
  at: "2026-01-05T09:00:00.000Z",
  protocol: "smtp",
  direction: "incoming",
  interface: "External",
  policy: "In",
  proxyAction: "Mail in",
  client: { address: "198.51.100.9", port: 1025 },
  helo: null,
  user: null,
  decision: null,
  reply: "554 5.7.1 Connection refused",
  cause: "the source is blocked for a while",
  ...over,
});

const fetched = connectionEvent({ id: "FETCHED" });
const huge = 5_000_000_000;
const sent = connectionEvent({
  id: "SENT",
  at: "2026-01-04T10:00:00.000Z",
  protocol: "smtp",
  interface: "External",
  client: { address: "203.0.113.5", port: 1 },
  user: null,
  end: "refused",
  cause: "errorsMax: 20 errors in one session",
  mailbox: null,
  verdicts: [
    { verdict: "deny", messages: 3 },
    { verdict: "allow", messages: 4 },
  ],
  bytesIn: huge,
  alarm: "1 message was deleted",
});

beforeAll(async () => {
  await enrol();
  await reportedEvents([
    fetched,
    sent,
    sessionEvent({}),
    sessionEvent({ id: "INSIDE", at: "2026-01-05T10:00:40.000Z", connection: "FETCHED", cause: "login failed" }),
    sessionEvent({ id: "UNRECORDED", at: "2026-01-03T10:00:00.000Z", connection: "NO-RECORD", cause: "login failed" }),
    messageEvent({ id: "FIRST", connection: "FETCHED", at: "2026-01-05T10:00:50.000Z", sender: null }),
    messageEvent({ id: "ELSEWHERE", connection: "SENT" }),
  ]);
});

async function found(query: Record<string, string>): Promise<string[]> {
  const { rows } = await searchConnections(connectionSearchSchema.parse(query), now);
  return rows.map(({ id }) => id);
}

describe("the search for connections", () => {
  test("finds sessions that are over and connections not taken, newest first; what a record tells is not told beside it", async () => {
    expect(await found({})).toEqual(["FETCHED", "TURNED-AWAY", "SENT", "UNRECORDED"]);
  });

  test("tells of each what its record says, numbers past 32 bits too", async () => {
    const { rows } = await searchConnections(connectionSearchSchema.parse({ end: "refused" }), now);
    expect(rows).toMatchObject([{ id: "SENT", bytesIn: huge, bytesOut: 5_000, durationMs: 1_500, messages: 7 }]);
  });

  test("filters by protocol, interface, end, alarm and user", async () => {
    expect(await found({ protocol: "pop3" })).toEqual(["FETCHED"]);
    expect(await found({ interface: "External" })).toEqual(["TURNED-AWAY", "SENT", "UNRECORDED"]);
    expect(await found({ end: "quit" })).toEqual(["FETCHED"]);
    expect(await found({ end: "none" })).toEqual(["TURNED-AWAY", "UNRECORDED"]);
    expect(await found({ alarm: "yes" })).toEqual(["SENT"]);
    expect(await found({ user: "ALI" })).toEqual(["FETCHED"]);
  });

  test("finds a part of the client's address, of the id and of the cause", async () => {
    expect(await found({ text: "203.0.113" })).toEqual(["SENT"]);
    expect(await found({ text: "fetch" })).toEqual(["FETCHED"]);
    expect(await found({ text: "ERRORSMAX" })).toEqual(["SENT"]);
    expect(await found({ text: "%" })).toEqual([]);
  });

  test("filters by time, relative and by days, both included", async () => {
    expect(await found({ range: "day" })).toEqual(["FETCHED", "TURNED-AWAY"]);
    expect(await found({ from: "2026-01-04", until: "2026-01-04" })).toEqual(["SENT"]);
  });

  test("goes on after the last row of a page, and a filter that is not understood asks nothing", async () => {
    const after = "2026-01-05T09:00:00.000Z~TURNED-AWAY";
    expect(await found({ after })).toEqual(["SENT", "UNRECORDED"]);
    expect(await found({ end: "else", protocol: "imap", range: "eon" })).toHaveLength(4);
  });

  test("counts no connection as a message", async () => {
    expect(await database().trafficMinute.aggregate({ _sum: { messages: true } })).toEqual({ _sum: { messages: 2 } });
  });
});

describe("the story of a connection", () => {
  test("has the record as the worker told it, its messages and what went wrong, oldest first", async () => {
    const story = await readConnectionStory("FETCHED");
    expect(story).toMatchObject({ event: fetched, worker: "local" });
    expect(story?.messages.map(({ id, kind, sender }) => [id, kind, sender])).toEqual([
      ["INSIDE", "session", null],
      ["FIRST", "message", "A <a@example.org>"],
    ]);
  });

  test("does not exist for an unknown id, nor under the id of a message", async () => {
    expect(await readConnectionStory("NOBODY")).toBeNull();
    expect(await readConnectionStory("FIRST")).toBeNull();
  });
});
