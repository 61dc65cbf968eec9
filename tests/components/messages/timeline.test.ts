import { describe, expect, test } from "vitest";
import { timelineOf } from "#components/messages/timeline.ts";
import { messageEvent } from "../../support/report-samples.ts";

describe("the timeline of a message", () => {
  test("tells connection, names, envelope, content, decision and reply in order", () => {
    const titles = timelineOf(messageEvent(), []).map(({ title }) => title);
    expect(titles).toEqual([
      "SMTP connection from 192.0.2.7 port 40000 on External, policy In",
      "Client named itself",
      "MAIL FROM",
      "RCPT TO",
      "Content: 1000 bytes, 1 attachment",
      "Decision of r1: deny, rule “executables” at stage attachment",
      "Reply to the client",
    ]);
  });

  test("begins when the transaction began and ends when it ended", () => {
    const entries = timelineOf(messageEvent({ durationMs: 500 }), []);
    expect(entries.at(0)?.at).toBe("2026-01-05T10:00:29.500Z");
    expect(entries.at(-1)?.at).toBe("2026-01-05T10:00:30.000Z");
  });

  test("says what a rule in observe would have done", () => {
    const { decision } = messageEvent();
    const observed = [{ ruleId: "r", ruleName: "macros", verdict: "deny" as const }];
    const entries = timelineOf(messageEvent({ decision: { ...decision, observed } }), []);
    expect(entries.find(({ title }) => title.startsWith("Decision"))?.notes).toEqual([
      "Rule “macros” in observe would deny.",
    ]);
  });

  test("goes on with delivery attempts and people's commands", () => {
    const entries = timelineOf(messageEvent(), [
      {
        kind: "quarantine",
        id: "k",
        at: "2026-01-05T10:00:59.000Z",
        messageId: "m",
        entryId: "m-2",
        command: "release",
        recipients: ["b@example.test"],
        by: "Mara",
        reason: "known to us",
      },
      { kind: "queue", id: "q", at: "2026-01-05T10:01:00.000Z", messageId: "m", command: "delete", by: "Mara" },
      {
        kind: "delivery",
        id: "d",
        at: "2026-01-05T10:02:00.000Z",
        messageId: "m",
        attempt: 2,
        result: "deferred",
        recipients: [{ address: "b@example.test", reply: "450 later" }],
        upstream: "127.0.0.1:2600",
        reply: "450 later",
        nextAttemptAt: "2026-01-05T10:05:00.000Z",
      },
    ]);
    expect(entries.slice(-3)).toEqual([
      {
        at: "2026-01-05T10:00:59.000Z",
        title: "Mara released m-2 from quarantine to b@example.test",
        notes: ["known to us"],
      },
      { at: "2026-01-05T10:01:00.000Z", title: "Mara deleted it; the sender was not told" },
      {
        at: "2026-01-05T10:02:00.000Z",
        title: "Delivery attempt 2 to 127.0.0.1:2600: deferred",
        quote: "450 later",
        notes: ["<b@example.test>: 450 later"],
        next: "2026-01-05T10:05:00.000Z",
      },
    ]);
  });
});
