import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { ActionResult } from "#lib/action.ts";
import { makeTokenAction } from "#lib/api-tokens/actions.ts";
import type { Permission } from "#lib/auth/permissions.ts";
import { closeDatabase, database } from "#lib/db.ts";
import { publishAction } from "#lib/publishing/actions.ts";
import {
  keepRevisionAction,
  revertRevisionAction,
  rollBackAction,
  setPolicySourceAction,
  widenRolloutAction,
} from "#lib/revisions/actions.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { makeAdministrator, sessionCookieOf } from "../../support/signed-in.ts";

/** The request whose action runs: Next has it, outside of Next the test does. */
const request = vi.hoisted(() => ({ cookie: "" }));
vi.mock("next/headers", () => ({
  cookies: async () => ({ get: () => ({ value: request.cookie }) }),
  headers: async () => new Headers(),
}));
vi.mock("next/cache", () => ({ revalidatePath: () => {} }));

useTestDatabase();
useConsoleSettings();
beforeEach(async () => {
  await database().user.deleteMany();
});
afterAll(closeDatabase);

async function signIn(permissions: Permission[]): Promise<void> {
  const cookie = await sessionCookieOf(await makeAdministrator("Mara", "mara@example.org", permissions));
  request.cookie = cookie.slice(cookie.indexOf("=") + 1);
}

const number = 7;
const draftDigest = "0".repeat(64);
const order = { comment: "", draftDigest, overrideReason: null };
const source = { repository: "https://git.example.org/policy", path: "policy.yaml" };
const guarded: [string, Permission, () => Promise<ActionResult<unknown>>][] = [
  ["publishing", "publish", () => publishAction(order)],
  ["giving a revision to all workers", "publish", () => widenRolloutAction({ number })],
  ["keeping a revision", "publish", () => keepRevisionAction({ number })],
  ["taking a revision back", "publish", () => revertRevisionAction({ number })],
  ["rolling back", "publish", () => rollBackAction({ number, comment: "" })],
  ["making a token", "make-tokens", () => makeTokenAction({ name: "t", scopes: ["policy:read"], days: 1 })],
  ["saying where the policy is kept", "set-policy-source", () => setPolicySourceAction(source)],
];

describe("what takes a permission", () => {
  it.each(guarded)("%s takes %s", async (_, permission, act) => {
    await signIn(["release-malware", "publish-failing"]);
    expect(await act()).toMatchObject({
      ok: false,
      error: { code: "forbidden", message: `This takes the permission ${permission}, which you do not have.` },
    });
    expect(await database().auditEntry.count({ where: { action: { not: "user.add" } } })).toBe(0);
  });

  it.each(guarded)("%s is done, or refused for another reason, for who has it", async (_, permission, act) => {
    await signIn([permission]);
    const result = await act();
    expect(result.ok ? "done" : result.error.code).not.toBe("forbidden");
    await database().policySource.deleteMany();
  });

  it("nothing is done for who is signed out", async () => {
    request.cookie = "";
    for (const [, , act] of guarded) expect(await act()).toMatchObject({ ok: false, error: { code: "signed-out" } });
  });
});
