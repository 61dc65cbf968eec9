import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { POST } from "#app/api/worker/v1/report/route.ts";
import { reportAnswerSchema } from "#core/contract/report.ts";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { enrolWorker } from "#lib/workers/mutations.ts";
import { useConsoleSettings } from "../support/console-settings.ts";
import { useTestDatabase } from "../support/database.ts";
import { report } from "../support/report-samples.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const token = "report-token-of-the-local-worker-0001";

beforeAll(async () => {
  const tokens = { controlToken: "control-token-of-the-local-worker-001", reportToken: token };
  await transaction((tx) =>
    enrolWorker(tx, { id: "local", name: "Local", controlUrl: "http://127.0.0.1:1", ...tokens }),
  );
});

function post(body: unknown, authorization: string): Promise<Response> {
  const init = { method: "POST", headers: { authorization }, body: JSON.stringify(body) };
  return POST(new Request("http://127.0.0.1:3000/api/worker/v1/report", init));
}

describe("POST /api/worker/v1/report", () => {
  test("200 with the worker's token; the answer is of the contract", async () => {
    const response = await post(report(1), `Bearer ${token}`);
    expect(response.status).toBe(200);
    expect(reportAnswerSchema.parse(await response.json())).toEqual({ acceptedSequence: 1 });
  });

  test("401 for another scheme, another token and the control token", async () => {
    for (const authorization of ["", `Basic ${token}`, "Bearer x", "Bearer control-token-of-the-local-worker-001"]) {
      expect((await post(report(2), authorization)).status).toBe(401);
    }
    expect((await database().worker.findFirstOrThrow()).lastSequence).toBe(1);
  });

  test("no answer repeats a token", async () => {
    const answer = await (await post({ workerId: token }, `Bearer ${token}`)).text();
    expect(answer).not.toContain(token);
  });
});
