import { expect, it } from "vitest";
import { trafficSchema } from "#core/policy/lint/traffic.ts";
import { database } from "#lib/db.ts";
import { readLintInput } from "#lib/lint/queries.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, importDraft, ruleRow, rulesOf } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();

it("what came through in the last week is counted by policy, with what was stopped and whose senders were empty or beyond ASCII", async () => {
  await importDraft(policyFixture("first-message.yaml", {}));
  const now = new Date("2026-01-15T10:00:00Z");
  const signed = (...results: string[]) => results.map((result) => ({ result }));
  const dkim: Record<number, object> = { 1: signed("fail", "pass"), 2: signed(), 4: signed("pass") };
  const event = (n: number, at: string, verdict: string, sender: string) => ({
    id: `e${n}`,
    workerId: "w",
    at: new Date(at),
    kind: "message",
    policy: "Mail from outside",
    recipients: [],
    detail: { helo: n === 4 ? "old.test" : `mail${n % 2}.test`, content: { senderAuth: { dkim: dkim[n] ?? null } } },
    verdict,
    sender,
  });
  await database().mailEvent.createMany({
    data: [
      event(1, "2026-01-14T10:00:00Z", "allow", "a@a.test"),
      event(2, "2026-01-14T11:00:00Z", "deny", ""),
      event(3, "2026-01-14T12:00:00Z", "strip", "käthe@a.test"),
      event(4, "2026-01-01T12:00:00Z", "deny", ""),
      { ...event(5, "2026-01-14T12:00:00Z", "deny", ""), kind: "session" },
    ],
  });
  const { traffic } = await readLintInput(now);
  expect(trafficSchema.parse(traffic)).toEqual({
    days: 7,
    newestOnly: null,
    policies: [{ policy: "Mail from outside", messages: 3, stopped: 1, nullSenders: 1, utf8Senders: 1 }],
    dkim: [{ policy: "Mail from outside", checked: 2, passed: 1 }],
    hosts: [
      { policy: "Mail from outside", helo: "mail1.test", sessions: 3 },
      { policy: "Mail from outside", helo: "mail0.test", sessions: 1 },
    ],
    idle: { days: 90, rules: [] },
    rules: [],
  });
});

it("a rule that was in force for 90 days and matched nothing is idle, where hits go back so far", async () => {
  await importDraft(policyFixture("first-message.yaml", {}));
  const [rule] = await rulesOf("Mail in", "attachment");
  const other = await ruleRow("no spoofing");
  const document = JSON.stringify(await draft());
  const now = new Date("2026-06-15T10:00:00Z");
  const revision = { document, digest: "d", comment: "", authorName: "Mara" };
  await database().revision.createMany({
    data: [
      { ...revision, number: 1, publishedAt: new Date("2026-01-01T00:00:00Z") },
      { ...revision, number: 2, publishedAt: new Date("2026-06-01T00:00:00Z") },
    ],
  });
  const idle = async (at: Date) => (await readLintInput(at)).traffic.idle.rules;
  expect(await idle(now)).toEqual([]);
  const hit = (ruleId: string, at: string) => {
    return { ruleId, hour: new Date(at), enforced: 1, observed: 0, lastAt: new Date(at) };
  };
  await database().ruleHit.createMany({
    data: [hit(other.id, "2026-01-02T00:00:00Z"), hit(rule?.id ?? "", "2026-05-02T00:00:00Z")],
  });
  const found = await idle(new Date(now.getTime() + 120_000));
  expect(found).toContain(other.id);
  expect(found).not.toContain(rule?.id);
  expect(await idle(new Date("2026-03-01T00:00:00Z"))).toEqual([]);
});
