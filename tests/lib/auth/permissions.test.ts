import { globSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Permission, permissionSchema } from "#core/contract/permission.ts";
import { type Role, roleSchema } from "#core/contract/role.ts";
import type { ActionResult } from "#lib/action.ts";
import { closeDatabase, database } from "#lib/db.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { makePerson, sessionCookieOf } from "../../support/signed-in.ts";

/** The request whose action runs: Next has it, outside of Next the test does. */
const request = vi.hoisted(() => ({ cookie: "" }));
vi.mock("next/headers", () => ({
  cookies: async () => ({ get: () => ({ value: request.cookie }) }),
  headers: async () => new Headers(),
}));
vi.mock("next/cache", () => ({ revalidatePath: () => {} }));

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

type Action = (input: unknown) => Promise<ActionResult<unknown>>;

/** Every server action that there is, by name: a new one is among them. */
const withoutSession = ["lib/auth/actions.ts", "lib/setup/actions.ts"];
const actions: [string, Action][] = [];
for (const path of globSync("lib/**/actions.ts")) {
  if (withoutSession.includes(path)) continue;
  const module: Record<string, Action> = await import(pathToFileURL(path).href);
  actions.push(...Object.entries(module));
}

/** What everybody who is signed in may ask: nothing is changed by it. */
const openQuestions = [
  "findPastMessagesAction",
  "findRuleSamplesAction",
  "pastMessageAction",
  "runPolicyTestsAction",
  "tryMessageAction",
];
const writing = actions.filter(([name]) => !openQuestions.includes(name));

const cookies = new Map<string, string>();
beforeAll(async () => {
  for (const role of roleSchema.options) await cookieOf(role, role, []);
  for (const granted of permissionSchema.options) await cookieOf(`granted ${granted}`, "viewer", [granted]);
});

async function cookieOf(who: string, role: Role, permissions: Permission[]): Promise<void> {
  const cookie = await sessionCookieOf(await makePerson(who.replace(" ", "-"), role, permissions));
  cookies.set(who, cookie.slice(cookie.indexOf("=") + 1));
}

/** What an action says to somebody about input that nothing could be done with: who gets that far may do it. */
async function answerTo(who: string, action: Action): Promise<string> {
  request.cookie = cookies.get(who) ?? "";
  const result = await action(Symbol("no input at all"));
  return result.ok ? "done" : result.error.code;
}

async function mayBy(who: string): Promise<string[]> {
  const answers = await Promise.all(writing.map(async ([name, act]) => ({ name, answer: await answerTo(who, act) })));
  return answers.filter(({ answer }) => answer !== "FORBIDDEN").map(({ name }) => name);
}

describe("who may do what", () => {
  it("there are actions to look at, and each is one of these", () => {
    expect(actions.length).toBeGreaterThan(60);
    expect(actions.map(([name]) => name)).toEqual(expect.arrayContaining(openQuestions));
  });

  it.each(writing)("a viewer may not: %s", async (_name, act) => {
    expect(await answerTo("viewer", act)).toBe("FORBIDDEN");
  });

  it.each(actions)("an administrator may: %s", async (_name, act) => {
    expect(await answerTo("administrator", act)).not.toBe("FORBIDDEN");
  });

  it.each(actions)("nobody who is signed out may: %s", async (_name, act) => {
    expect(await answerTo("nobody", act)).toBe("SIGNED_OUT");
  });

  it("a viewer may ask the simulator, the policy tests and past traffic, which changes nothing", async () => {
    for (const [name, act] of actions)
      if (openQuestions.includes(name)) expect(await answerTo("viewer", act)).not.toBe("FORBIDDEN");
  });

  it("an analyst may look into kept messages", async () => {
    expect((await mayBy("analyst")).toSorted()).toEqual([
      "lookAtHeadersAction",
      "lookAtHtmlAction",
      "lookAtTextAction",
    ]);
  });

  it("a quarantine operator may look, release and delete", async () => {
    const beyond = (await mayBy("quarantine-operator")).filter((name) => !/^lookAt/.test(name));
    expect(beyond.toSorted()).toEqual(["cancelQuarantineJob", "commandQuarantineAction", "startQuarantineJob"]);
  });

  it("an editor may edit the draft and try it on the past, and decides nothing that is live", async () => {
    const may = await mayBy("editor");
    expect(may).toEqual(expect.arrayContaining(["addRuleAction", "undoDraftEditAction", "startReplayAction"]));
    const live = ["publishAction", "rollBackAction", "makeTokenAction", "drainWorkerAction", "addCredentialAction"];
    expect(may.filter((name) => live.includes(name))).toEqual([]);
  });

  it("a publisher may edit, publish and operate, and manages neither people nor secrets", async () => {
    const may = await mayBy("publisher");
    expect(may).toEqual(
      expect.arrayContaining(["addRuleAction", "publishAction", "keepRevisionAction", "runQueueCommand"]),
    );
    const others = [
      "addPersonAction",
      "changePersonAction",
      "addCredentialAction",
      "makeTokenAction",
      "lookAtTextAction",
    ];
    expect(may.filter((name) => others.includes(name))).toEqual([]);
  });

  it.each([
    ["publish", "publishAction"],
    ["publish", "widenRolloutAction"],
    ["publish", "keepRevisionAction"],
    ["publish", "revertRevisionAction"],
    ["publish", "rollBackAction"],
    ["make-tokens", "makeTokenAction"],
    ["set-policy-source", "setPolicySourceAction"],
    ["manage-secrets", "makeSigningKeyAction"],
  ])("%s, granted besides a role, is enough for %s", async (permission, name) => {
    expect(await mayBy(`granted ${permission}`)).toContain(name);
  });

  it("managing people comes with the role of an administrator only, whatever a row says", async () => {
    expect(await mayBy("granted manage-people")).toEqual([]);
  });

  it("who is refused is told which permission it takes, and nothing is written down or changed", async () => {
    request.cookie = cookies.get("viewer") ?? "";
    const [, publish] = actions.find(([name]) => name === "publishAction") ?? expect.fail();
    expect(await publish({})).toMatchObject({
      error: { code: "FORBIDDEN" },
    });
    expect(await database().auditEntry.count()).toBe(0);
  });
});
