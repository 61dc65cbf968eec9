import { afterAll, beforeAll, expect, test } from "vitest";
import { GET } from "#app/api/lint/route.ts";
import { lintDraft } from "#core/policy/lint/lint-draft.ts";
import { lintInputSchema } from "#core/policy/lint/lint-input.ts";
import { closeDatabase } from "#lib/db.ts";
import { draftFindings } from "#lib/lint/queries.ts";
import { useConsoleSettings } from "../support/console-settings.ts";
import { useTestDatabase } from "../support/database.ts";
import { importDraft } from "../support/draft.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { makeAdministrator, sessionCookieOf } from "../support/signed-in.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

let cookie = "";
beforeAll(async () => {
  cookie = await sessionCookieOf(await makeAdministrator());
  await importDraft(policyFixture("first-message.yaml", {}));
});

const given = (headers: Record<string, string>) => GET(new Request("http://postern.test/api/lint", { headers }));

test("the thread of a browser gets the draft, and finds in it what the server finds", async () => {
  const input = lintInputSchema.parse(await (await given({ cookie })).json());
  const now = new Date();
  const findings = lintDraft(input, now.getTime());
  expect(findings.length).toBeGreaterThan(0);
  expect(findings).toEqual(await draftFindings(now));
});

test("who is not signed in gets none", async () => {
  expect((await given({})).status).toBe(401);
});
