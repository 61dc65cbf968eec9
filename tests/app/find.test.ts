import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GET } from "#app/api/find/route.ts";
import { type Found, foundAnswerSchema, foundPerKindMax } from "#core/contract/found.ts";
import { closeDatabase, database } from "#lib/db.ts";
import { importAndPublish } from "#lib/revisions/first-revision.ts";
import { useConsoleSettings } from "../support/console-settings.ts";
import { useTestDatabase } from "../support/database.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { messageEvent } from "../support/report-samples.ts";
import { enrol, reportedEvents } from "../support/reported.ts";
import { makeAdministrator, sessionCookieOf } from "../support/signed-in.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

let cookie: string;
beforeAll(async () => {
  cookie = await sessionCookieOf(await makeAdministrator());
  await importAndPublish(policyFixture("first-message.yaml", {}));
  await enrol();
  await reportedEvents([messageEvent({ id: "01JGQUEUED", messageIdHeader: "<1@example.org>" })]);
});

function ask(text: string, headers: Record<string, string> = { cookie }): Promise<Response> {
  return GET(new Request(`http://127.0.0.1:3000/api/find?${new URLSearchParams({ text })}`, { headers }));
}

async function found(text: string): Promise<Found[]> {
  return foundAnswerSchema.parse(await (await ask(text)).json()).found;
}

describe("GET /api/find", () => {
  test("401 without a session", async () => {
    expect((await ask("in", {})).status).toBe(401);
  });

  test("422 for nothing, for what no name can hold and for more than a field takes", async () => {
    for (const text of [" ", "a\0b", "x".repeat(1_001)]) expect((await ask(text)).status).toBe(422);
  });

  test("200: objects of the draft that have every word in their name, whatever its case", async () => {
    expect((await found("MAIL in")).map(({ kind, name }) => `${kind} ${name}`)).toContain("proxy action Mail in");
    expect((await found("in mail")).map(({ name }) => name)).toContain("Mail in");
    expect(await found("extern")).toMatchObject([{ kind: "interface", name: "External", detail: "external" }]);
    expect((await found("executables")).map(({ kind }) => kind).sort()).toEqual(["list", "rule", "rule"]);
  });

  test("wildcards are text, and what is nobody's name finds nothing", async () => {
    expect(await found("%")).toEqual([]);
    expect(await found("no such thing")).toEqual([]);
  });

  test("a message by its id, and by its Message-ID with and without brackets", async () => {
    const message = { kind: "message", id: "01JGQUEUED", name: "Invoice", detail: "a@example.org → b@example.test" };
    for (const text of ["01JGQUEUED", "<1@example.org>", "1@example.org"]) expect(await found(text)).toEqual([message]);
    expect(await found("01JGQUEU")).toEqual([]);
  });

  test("a revision by its number", async () => {
    for (const text of ["r1", "1", "R1"])
      expect(await found(text)).toMatchObject([{ kind: "revision", id: "1", name: "r1" }]);
    expect(await found("r2")).toEqual([]);
  });

  test("of thousands of rules a few of each kind, the one that begins so first", async () => {
    const { id: proxyActionId } = await database().proxyAction.findFirstOrThrow({ where: { name: "Mail in" } });
    const rule = (name: string, rank: number) => ({
      proxyActionId,
      ruleset: "message",
      rank,
      name,
      state: "on",
      action: { verdict: "allow" },
      log: false,
    });
    const many = Array.from({ length: 2_000 }, (_, index) => rule(`customer ${index} partner`, index));
    await database().rule.createMany({ data: [...many, rule("partner of customers", 2_000)] });
    const rules = await found("partner");
    expect(rules).toHaveLength(foundPerKindMax);
    expect(rules[0]).toMatchObject({ kind: "rule", name: "partner of customers", detail: "Mail in, message" });
  });
});
