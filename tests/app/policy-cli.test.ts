import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { POST as postApply } from "#app/api/v1/policy/apply/route.ts";
import { POST as postDiff } from "#app/api/v1/policy/diff/route.ts";
import { GET } from "#app/api/v1/policy/route.ts";
import { POST as postTest } from "#app/api/v1/policy/test/route.ts";
import { policyApiPaths } from "#core/contract/policy-api.ts";
import { closeDatabase, database } from "#lib/db.ts";
import { importAndPublish } from "#lib/revisions/first-revision.ts";
import { madeToken } from "../support/api-tokens.ts";
import { useConsoleSettings } from "../support/console-settings.ts";
import { useTestDatabase } from "../support/database.ts";
import { rulesOf } from "../support/draft.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { postern } from "../support/postern-command.ts";
import { ServedRoutes } from "../support/served-routes.ts";
import { startTryingWorker } from "../support/trying-worker.ts";

useTestDatabase();
useConsoleSettings();

const folder = mkdtempSync(join(tmpdir(), "postern-policy-cli-"));
let served: ServedRoutes;
let environment: Record<string, string>;
let file: string;

beforeAll(async () => {
  await importAndPublish(policyFixture("first-message.yaml", {}));
  served = await ServedRoutes.listen({
    [`GET ${policyApiPaths.policy}`]: GET,
    [`POST ${policyApiPaths.diff}`]: postDiff,
    [`POST ${policyApiPaths.test}`]: postTest,
    [`POST ${policyApiPaths.apply}`]: postApply,
  });
  const token = await madeToken(["policy:read", "policy:apply", "policy:publish"]);
  environment = { POSTERN_URL: served.url, POSTERN_TOKEN: token };
  file = join(folder, "policy.yaml");
});

afterAll(async () => {
  await served.close();
  await closeDatabase();
  rmSync(folder, { recursive: true });
});

const policy = (...args: string[]) => postern(["policy", ...args], environment);

// Each runs several programs.
describe("postern policy, with a console", { timeout: 60_000 }, () => {
  test("export writes the draft, which says of itself that it differs in nothing", async () => {
    expect(await policy("export", "--out", file)).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(await policy("export")).toEqual({ status: 0, stdout: readFileSync(file, "utf8"), stderr: "" });
    expect(await policy("diff", file)).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  test("diff says in words what the file changes, with status 1; --json: as data", async () => {
    writeFileSync(file, readFileSync(file, "utf8").replace("name: no spoofing", "name: no forged senders"));
    const { status, stdout } = await policy("diff", file, "--of", "live");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^rule "no forged senders" of Mail in, sender changed: .*\n {2}name: no spoofing → /);
    expect(JSON.parse((await policy("diff", file, "--json")).stdout)).toEqual([
      expect.objectContaining({ kind: "changed" }),
    ]);
  });

  test("apply makes the file the draft; the rule keeps its id, and so its hits", async () => {
    const id = async () => (await rulesOf("Mail in", "sender"))[0]?.id ?? "";
    const before = await id();
    expect(before).not.toBe("");
    const { status, stdout } = await policy("apply", file);
    expect([status, stdout]).toEqual([0, expect.stringContaining("The draft took it over.")]);
    expect(await id()).toBe(before);
    expect((await policy("diff", file)).status).toBe(0);
  });

  test("apply --publish publishes it with a comment, once", async () => {
    const publish = ["apply", file, "--publish", "--comment", "renamed"] as const;
    expect(await policy(...publish)).toMatchObject({ status: 0, stdout: expect.stringContaining("r2 is published.") });
    expect((await database().revision.findUniqueOrThrow({ where: { number: 2 } })).comment).toBe("renamed");
    expect(await policy(...publish)).toMatchObject({ status: 0, stdout: "The draft was equal to it.\n" });
    expect(await database().revision.count()).toBe(2);
  });

  test("--only exports, compares and applies a part", async () => {
    const part = ["--only", "rules:Mail in/sender"] as const;
    expect((await policy("export", "--out", file, ...part)).status).toBe(0);
    expect(readFileSync(file, "utf8")).not.toContain("interfaces:\n  -");
    writeFileSync(file, readFileSync(file, "utf8").replace("no forged senders", "no liars"));
    expect(await policy("diff", file, ...part)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("name: no forged senders → no liars"),
    });
    expect((await policy("apply", file, "--publish", ...part)).status).toBe(0);
    expect((await rulesOf("Mail in", "sender"))[0]?.name).toBe("no liars");
    expect((await rulesOf("Mail in", "attachment")).length).toBe(1);
    expect((await policy("export", "--only", "everything")).status).toBe(1);
    await policy("export", "--out", file);
  });

  test("apply --publish --trial puts it on trial; --first with a worker that is not there is refused, and the draft stays", async () => {
    const rename = (from: string, to: string) => writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
    rename("no liars", "no pretenders");
    expect((await policy("apply", file, "--publish", "--trial", "5")).status).toBe(0);
    expect(await database().revisionTrial.findFirst()).toMatchObject({ number: 4, previous: 3, ending: null });
    rename("no pretenders", "no liars");
    expect(await policy("apply", file, "--publish", "--first", "nowhere")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("nowhere"),
    });
    expect((await rulesOf("Mail in", "sender"))[0]?.name).toBe("no pretenders");
    await policy("export", "--out", file);
  });

  test("apply --match refuses a draft that somebody changed since, with status 3", async () => {
    const { digest } = await database().revision.findUniqueOrThrow({ where: { number: 4 } });
    expect((await policy("apply", file, "--match", digest)).status).toBe(0);
    expect(await policy("apply", file, "--match", "0".repeat(64))).toMatchObject({
      status: 3,
      stderr: expect.stringContaining("somebody changed the draft"),
    });
  });

  test("a refused token and a console that is away are status 3 and said in words", async () => {
    const other = { ...environment, POSTERN_TOKEN: "postern_other" };
    expect(await postern(["policy", "export"], other)).toMatchObject({
      status: 3,
      stderr: expect.stringContaining("not known"),
    });
    const away = { ...environment, POSTERN_URL: "http://127.0.0.1:9" };
    expect(await postern(["policy", "export"], away)).toMatchObject({
      status: 3,
      stderr: expect.stringContaining("cannot be reached"),
    });
  });

  test("test runs the tests of the file at a worker; what fails is status 1, and is not published", async () => {
    await startTryingWorker();
    const tests = join(folder, "tests.yaml");
    const must = (verdict: string) =>
      writeFileSync(
        tests,
        `version: 1
tests:
  - name: outsiders may write
    given: { interface: External, client: 192.0.2.7, sender: ann@sender.test, recipients: [demo@example.test] }
    must: { verdict: [${verdict}] }
  - name: insiders may fetch
    given: { protocol: pop3, interface: Trusted, client: 192.0.2.9, user: joe }
    message: "Subject: x"
    must: { verdict: [allow] }
`,
      );
    must("allow");
    expect(await policy("test", tests, "--only", "tests")).toEqual({
      status: 0,
      stdout: "passed outsiders may write\npassed insiders may fetch\n",
      stderr: "",
    });
    must("deny");
    expect(await policy("test", tests, "--only", "tests")).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^FAILED outsiders may write: .+\npassed insiders may fetch\n$/),
    });
    expect(await policy("apply", tests, "--only", "tests", "--publish")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("1 policy test fails"),
    });
    expect((await policy("export", "--only", "tests")).stdout).not.toContain("outsiders");
    expect((await policy("test", file)).stdout).toBe("");
  });

  test("without POSTERN_URL, POSTERN_TOKEN or a file it says what is missing, with status 2", async () => {
    const none = await postern(["policy", "export"], { POSTERN_URL: "", POSTERN_TOKEN: "" });
    expect([none.status, none.stderr]).toEqual([2, expect.stringMatching(/POSTERN_URL[^]*POSTERN_TOKEN/)]);
    expect((await policy("apply")).status).toBe(2);
    expect((await policy("apply", join(folder, "nowhere.yaml"))).status).toBe(2);
    expect((await policy("apply", file, "--trial", "soon", "--publish")).status).toBe(2);
  });
});
