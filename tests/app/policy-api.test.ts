import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { POST as postApply } from "#app/api/v1/policy/apply/route.ts";
import { POST as postDiff } from "#app/api/v1/policy/diff/route.ts";
import { GET } from "#app/api/v1/policy/route.ts";
import type { TokenScope } from "#core/contract/api-token.ts";
import { apiErrorSchema, applyAnswerSchema, diffAnswerSchema } from "#core/contract/policy-api.ts";
import { revokeToken } from "#lib/api-tokens/mutations.ts";
import { refusalsMax, requestsMax } from "#lib/api-tokens/request-pace.ts";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { draftSummary } from "#lib/revisions/draft-summary.ts";
import { importAndPublish } from "#lib/revisions/first-revision.ts";
import { madeToken } from "../support/api-tokens.ts";
import { useConsoleSettings } from "../support/console-settings.ts";
import { useTestDatabase } from "../support/database.ts";
import { mara } from "../support/draft.ts";
import { policyFixture } from "../support/policy-fixture.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const base = "http://127.0.0.1:3000/api/v1/policy";
const first = policyFixture("first-message.yaml", {});
const fewer = first.replace("recipientsMax: 100", "recipientsMax: 50");
let everything = "";

beforeAll(() => importAndPublish(first));
beforeEach(async () => {
  everything = await madeToken(["policy:read", "policy:apply", "policy:publish"]);
});

function headersOf(token: string, more: Record<string, string> = {}, address = "192.0.2.1") {
  return { authorization: `Bearer ${token}`, "x-forwarded-for": address, ...more };
}

const read = (token: string, search = "", address?: string) =>
  GET(new Request(`${base}${search}`, { headers: headersOf(token, {}, address) }));

function apply(token: string, body: unknown, tag: string | null): Promise<Response> {
  const headers = headersOf(token, tag === null ? {} : { "if-match": tag });
  return postApply(new Request(`${base}/apply`, { method: "POST", headers, body: JSON.stringify(body) }));
}

const draftTag = async () => (await read(everything)).headers.get("etag") ?? "";
const codeOf = async (response: Response) => apiErrorSchema.parse(await response.json()).error.code;

describe("GET /api/v1/policy", () => {
  test("200: the draft, what is live or a revision as YAML, its digest as entity tag", async () => {
    const draft = await read(everything);
    expect(draft.status).toBe(200);
    expect(draft.headers.get("content-type")).toContain("application/yaml");
    const live = await read(everything, "?of=live");
    expect(await live.text()).toBe(await draft.text());
    const { digest } = await database().revision.findFirstOrThrow();
    expect(live.headers.get("etag")).toBe(`"${digest}"`);
    expect((await read(everything, "?of=r1")).headers.get("etag")).toBe(`"${digest}"`);
  });

  test("404 for a revision that is not there, 400 for what is none", async () => {
    expect((await read(everything, "?of=r7")).status).toBe(404);
    expect((await read(everything, "?of=yesterday")).status).toBe(400);
  });

  test("401 without a token, with one that is not known, that was revoked or that has expired", async () => {
    const token = await madeToken(["policy:read"]);
    expect((await read(token)).status).toBe(200);
    const { id } = await database().apiToken.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
    await transaction((tx) => revokeToken(tx, mara, { tokenId: id }));
    const expired = await madeToken(["policy:read"]);
    await database().apiToken.updateMany({
      where: { createdAt: (await database().apiToken.findFirstOrThrow({ orderBy: { createdAt: "desc" } })).createdAt },
      data: { expiresAt: new Date(Date.now() - 1) },
    });
    for (const refused of ["", "postern_x", token, expired]) {
      const response = await read(refused, "", "192.0.2.9");
      expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    }
  });

  test("429 for a token that asks too often, with how long to wait; another token goes on", async () => {
    const eager = await madeToken(["policy:read"]);
    for (let request = 0; request < requestsMax; request++) expect((await read(eager, "?of=r7")).status).toBe(404);
    const refused = await read(eager);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await read(everything)).status).toBe(200);
  });

  test("429 for an address that guesses; who has a token goes on from there, a guesser shuts nobody out", async () => {
    for (let guess = 0; guess < refusalsMax; guess++) await read("postern_guess", "", "192.0.2.66");
    expect((await read("postern_guess", "", "192.0.2.66")).status).toBe(429);
    expect((await read(everything, "", "192.0.2.66")).status).toBe(200);
  });

  test("the page tells when a token was last used", async () => {
    await read(everything);
    const row = await database().apiToken.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
    expect(row.lastUsedAt).not.toBeNull();
  });
});

describe("POST /api/v1/policy/diff", () => {
  const diff = (yaml: string, search = "") =>
    postDiff(
      new Request(`${base}/diff${search}`, {
        method: "POST",
        headers: headersOf(everything),
        body: JSON.stringify({ yaml }),
      }),
    );

  test("200: what the document would change, in words", async () => {
    const { changes } = diffAnswerSchema.parse(await (await diff(fewer, "?of=live")).json());
    expect(changes.map(({ details }) => details)).toEqual([["limits.recipientsMax: 100 → 50"]]);
    expect(diffAnswerSchema.parse(await (await diff(first)).json()).changes).toEqual([]);
  });

  test("422 for a document with problems, each with its line", async () => {
    const refused = await diff(first.replace("route: inside }, listen", "route: gone }, listen"));
    expect(refused.status).toBe(422);
    expect(apiErrorSchema.parse(await refused.json()).error.message).toMatch(/\nline \d+, column \d+: .*"gone"/);
  });
});

describe("POST /api/v1/policy/apply", () => {
  const scopes = async (...given: TokenScope[]) => madeToken(given);

  test("403 without policy:apply, and for publishing without policy:publish; nothing is changed", async () => {
    const tag = await draftTag();
    expect((await apply(await scopes("policy:read"), { yaml: fewer }, tag)).status).toBe(403);
    const order = { yaml: fewer, publish: { comment: "" } };
    expect((await apply(await scopes("policy:read", "policy:apply"), order, tag)).status).toBe(403);
    expect(await draftTag()).toBe(tag);
  });

  test("428 without If-Match, 412 when somebody changed the draft meanwhile, 400 for another body", async () => {
    expect((await apply(everything, { yaml: fewer }, null)).status).toBe(428);
    const late = await apply(everything, { yaml: fewer }, `"${"a".repeat(64)}"`);
    expect([late.status, await codeOf(late)]).toEqual([412, "DRAFT_CHANGED"]);
    expect((await apply(everything, { yaml: fewer, publish: { on: true } }, await draftTag())).status).toBe(400);
  });

  test("200: the draft is the document, and the audit log names the token", async () => {
    const response = await apply(everything, { yaml: fewer }, await draftTag());
    const { changes, published } = applyAnswerSchema.parse(await response.json());
    expect([changes.length, published]).toEqual([1, null]);
    expect(await draftSummary()).toMatchObject({ changes: 1, liveRevision: 1 });
    const last = await database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });
    expect(last).toMatchObject({ action: "policy.import", address: "192.0.2.1" });
    expect(last.actor).toMatch(/^API token /);
  });

  test("200: published with its comment, on trial where that is asked for", async () => {
    const order = { yaml: fewer, publish: { comment: "from the repository", trialMinutes: 5 } };
    const response = await apply(everything, order, await draftTag());
    expect(applyAnswerSchema.parse(await response.json())).toEqual({
      changes: [],
      published: { number: 2, workers: [] },
    });
    const revision = await database().revision.findUniqueOrThrow({ where: { number: 2 } });
    expect(revision.comment).toBe("from the repository");
    expect(await database().revisionTrial.findUniqueOrThrow({ where: { number: 2 } })).toMatchObject({ previous: 1 });
  });

  test("200: what is live already is not published again", async () => {
    const order = { yaml: fewer, publish: { comment: "again" } };
    const response = await apply(everything, order, await draftTag());
    expect(applyAnswerSchema.parse(await response.json())).toEqual({ changes: [], published: null });
  });

  test("422 for a document with problems, and the draft stays", async () => {
    const tag = await draftTag();
    expect((await apply(everything, { yaml: "version: 2" }, tag)).status).toBe(422);
    expect(await draftTag()).toBe(tag);
  });
});
