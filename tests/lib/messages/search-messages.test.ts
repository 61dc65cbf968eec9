import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MessageEvent, SessionEvent } from "#core/contract/event.ts";
import { closeDatabase } from "#lib/db.ts";
import { searchMessages } from "#lib/messages/queries.ts";
import { messageSearchSchema } from "#lib/messages/search.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { messageEvent } from "../../support/report-samples.ts";
import { enrol, reportedEvents } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const now = new Date("2026-01-05T12:00:00Z");
const observingRule = "5b2f9d3e-8f43-4a53-9d6d-0a4f4cf3d002";
const { decision } = messageEvent();
const allowed: MessageEvent["decision"] = {
  ...decision,
  verdict: "allow",
  stage: "message",
  ruleId: null,
  ruleName: null,
};

const ringingRule = "5b2f9d3e-8f43-4a53-9d6d-0a4f4cf3d003";
const denied = messageEvent({
  id: "DENIED",
  decision: { ...decision, alarms: [{ ruleId: ringingRule, ruleName: "watched" }] },
});
const relayed = messageEvent({
  id: "RELAYED",
  at: "2026-01-05T11:30:00.000Z",
  interface: "Trusted",
  sender: "100%_sure@example.net",
  recipients: [
    { address: "first@example.test", reply: null },
    { address: "Second@Example.test", reply: null },
  ],
  subject: "Greetings",
  messageIdHeader: "<unique-77@example.net>",
  decision: { ...allowed, observed: [{ ruleId: observingRule, ruleName: "macros", verdict: "deny" }] },
  outcome: "relayed",
  auth: { mechanism: "PLAIN", user: "submitter@example.net" },
});
const fetched = messageEvent({
  id: "FETCHED",
  at: "2026-01-03T11:00:00.000Z",
  protocol: "pop3",
  sender: null,
  recipients: [],
  user: "alice",
  decision: allowed,
  outcome: "retrieved",
});
const yesterday = messageEvent({
  id: "YESTERDAY",
  at: "2026-01-04T11:00:00.000Z",
  decision: allowed,
  outcome: "spooled",
});
const session: SessionEvent = {
  kind: "session",
  id: "SESSION",
  at: "2026-01-05T10:30:00.000Z",
  protocol: "smtp",
  direction: "incoming",
  interface: "External",
  policy: "In",
  proxyAction: "Mail in",
  client: { address: "198.51.100.9", port: 1025 },
  helo: "liar.example",
  user: null,
  decision: { ...decision, verdict: "drop", stage: "greeting", ruleName: "liars" },
  reply: "554 5.7.1 Refused",
  cause: "refused by its greeting",
};

beforeAll(async () => {
  await enrol();
  await reportedEvents([
    denied,
    relayed,
    yesterday,
    fetched,
    session,
    {
      kind: "delivery",
      id: "DELIVERY",
      at: "2026-01-05T11:31:00.000Z",
      messageId: "YESTERDAY",
      attempt: 1,
      result: "delivered",
      recipients: [],
      upstream: null,
      reply: "250 ok",
      nextAttemptAt: null,
    },
  ]);
});

async function found(query: Record<string, string>): Promise<string[]> {
  const { rows } = await searchMessages(messageSearchSchema.parse(query), now);
  return rows.map(({ id }) => id);
}

describe("the search for messages", () => {
  test("finds messages and early-ended sessions, newest first, and no delivery attempts", async () => {
    expect(await found({})).toEqual(["RELAYED", "SESSION", "DENIED", "YESTERDAY", "FETCHED"]);
  });

  test("takes a part of the sender literally: % and _ are no wildcards, case does not matter", async () => {
    expect(await found({ sender: "100%_SURE" })).toEqual(["RELAYED"]);
    expect(await found({ sender: "%" })).toEqual(["RELAYED"]);
  });

  test("finds a part of any recipient", async () => {
    expect(await found({ recipient: "second@" })).toEqual(["RELAYED"]);
  });

  test("finds a subject, an id and a Message-ID in one field", async () => {
    expect(await found({ text: "greet" })).toEqual(["RELAYED"]);
    expect(await found({ text: "denied" })).toEqual(["DENIED"]);
    expect(await found({ text: "unique-77" })).toEqual(["RELAYED"]);
  });

  test("shows a POP3 retrieval with the From header and the mailbox user, since it has no envelope", async () => {
    const { rows } = await searchMessages(messageSearchSchema.parse({ outcome: "retrieved" }), now);
    expect(rows).toMatchObject([{ id: "FETCHED", from: "A <a@example.org>", user: "alice" }]);
  });

  test("finds who logged in, in a mailbox or with AUTH", async () => {
    expect(await found({ user: "ALI" })).toEqual(["FETCHED"]);
    expect(await found({ user: "submitter" })).toEqual(["RELAYED"]);
  });

  test("filters by verdict, outcome, interface and kind", async () => {
    expect(await found({ verdict: "drop" })).toEqual(["SESSION"]);
    expect(await found({ outcome: "spooled" })).toEqual(["YESTERDAY"]);
    expect(await found({ outcome: "session" })).toEqual(["SESSION"]);
    expect(await found({ interface: "Trusted", verdict: "allow" })).toEqual(["RELAYED"]);
  });

  test("finds a rule by part of its name and by id, by id also where it only observed", async () => {
    expect(await found({ rule: "execut" })).toEqual(["DENIED"]);
    expect(await found({ rule: decision.ruleId ?? "" })).toEqual(["SESSION", "DENIED"]);
    expect(await found({ rule: observingRule })).toEqual(["RELAYED"]);
  });

  test("finds what rang an alarm, and by id the rule that rang it although another one decided", async () => {
    expect(await found({ alarm: "yes" })).toEqual(["DENIED"]);
    expect(await found({ alarm: "no" })).toHaveLength(5);
    expect(await found({ rule: ringingRule })).toEqual(["DENIED"]);
    const { rows } = await searchMessages(messageSearchSchema.parse({}), now);
    expect(rows.filter(({ alarm }) => alarm).map(({ id }) => id)).toEqual(["DENIED"]);
  });

  test("limits the time by a range before now and by days in UTC, both included", async () => {
    expect(await found({ range: "hour" })).toEqual(["RELAYED"]);
    expect(await found({ range: "day" })).toEqual(["RELAYED", "SESSION", "DENIED"]);
    expect(await found({ from: "2026-01-04", until: "2026-01-04" })).toEqual(["YESTERDAY"]);
  });

  test("asks nothing where the address is not understood", async () => {
    expect(await found({ verdict: "maybe", range: "aeon", from: "tomorrow", after: "x", text: "" })).toHaveLength(5);
  });

  test("gives the cause of a session and the rule of a message in the row", async () => {
    const { rows } = await searchMessages(messageSearchSchema.parse({}), now);
    expect(rows[1]).toMatchObject({ kind: "session", cause: "refused by its greeting", outcome: null });
    expect(rows[2]).toMatchObject({ ruleName: "executables", verdict: "deny", outcome: "refused", bytes: 1000 });
  });

  test("pages through messages of the same instant without losing or repeating one", async () => {
    const at = "2026-01-03T00:00:00.000Z";
    const many = Array.from({ length: 120 }, (_, n) =>
      messageEvent({ id: `MANY${n}`, at, sender: "many@example.org" }),
    );
    await reportedEvents(many);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const query = messageSearchSchema.parse({ sender: "many@", ...(after !== null && { after }) });
      const page = await searchMessages(query, now);
      seen.push(...page.rows.map(({ id }) => id));
      after = page.next;
    } while (after !== null);
    expect(seen).toHaveLength(120);
    expect(new Set(seen).size).toBe(120);
  });
});
