import { afterAll, beforeAll, expect, test } from "vitest";
import { GET } from "#app/(console)/revisions/[number]/report/download/route.ts";
import { closeDatabase } from "#lib/db.ts";
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

let cookie = "";
beforeAll(async () => {
  cookie = await sessionCookieOf(await makeAdministrator());
  await importAndPublish(policyFixture("first-message.yaml", {}));
  await enrol();
  await reportedEvents([messageEvent({ at: new Date(Date.now() + 1_000).toISOString() })]);
});

function download(number: string, format: string, headers: Record<string, string> = { cookie }) {
  const request = new Request(`http://postern.test/revisions/${number}/report/download?format=${format}`, { headers });
  return GET(request, { params: Promise.resolve({ number }) });
}

test("the report is a CSV file with what was done, changed and judged", async () => {
  const response = await download("1", "csv");
  expect(response.headers.get("content-disposition")).toBe('attachment; filename="revision-r1.csv"');
  const rows = (await response.text()).split("\r\n");
  expect(rows[0]).toContain("section,at,by,what,messages");
  expect(rows[1]).toMatch(/^done,.*,Postern,Published: \d+ changes/);
  expect(rows).toContain('changed,,,"list ""executables"" added",');
  expect(rows).toContain("verdict,,,deny,1");
  expect(rows).toContain("rule,,5b2f9d3e-8f43-4a53-9d6d-0a4f4cf3d001,executables,1");
});

test("and a JSON file with the same and the facts of the revision", async () => {
  const report: unknown = await (await download("1", "json")).json();
  expect(report).toMatchObject({
    product: "Postern",
    revision: { number: 1, authorName: "Postern", changes: expect.any(Array), acknowledgements: [] },
    verdicts: [{ verdict: "deny", messages: 1 }],
    rules: [{ ruleName: "executables", messages: 1 }],
  });
});

test.each([
  { what: "who is not signed in", asked: () => download("1", "csv", {}), status: 401 },
  { what: "another format", asked: () => download("1", "pdf"), status: 400 },
  { what: "a revision that is not there", asked: () => download("99", "json"), status: 404 },
  { what: "what is no number", asked: () => download("x", "json"), status: 404 },
])("$what gets none", async ({ asked, status }) => {
  expect((await asked()).status).toBe(status);
});
