import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { seal } from "#lib/secrets.ts";
import { pushBundle, sendQueueCommand } from "#lib/workers/control-client.ts";
import { controlTokenPurpose } from "#lib/workers/tokens.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";

useConsoleSettings();

const token = "control-token-of-the-local-worker-001";
const bundle = { keyId: "0123456789abcdef", payload: "{}", signature: "AAAA" };
let server: Server | null = null;
const asked: {
  method: string | undefined;
  url: string | undefined;
  authorization: string | undefined;
  body: string;
}[] = [];

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
  asked.length = 0;
});

/** A worker's control API that answers everything in one way. */
async function workerThatAnswers(status: number, body: unknown) {
  const control = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url, headers } = request;
      asked.push({ method, url, authorization: headers.authorization, body: Buffer.concat(chunks).toString() });
      response.writeHead(status, { location: "http://127.0.0.1:1/" });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  server = control;
  await new Promise<void>((resolve) => control.listen(0, "127.0.0.1", resolve));
  return worker((control.address() as AddressInfo).port);
}

function worker(port: number) {
  const controlTokenSealed = seal(token, controlTokenPurpose("local"));
  return { id: "local", controlUrl: `http://127.0.0.1:${port}`, controlTokenSealed };
}

describe("the control client", () => {
  test("pushes a bundle with the worker's token and gives its answer", async () => {
    const target = await workerThatAnswers(200, { revision: 3, digest: "d", changed: true });
    expect(await pushBundle(target, bundle)).toEqual({ ok: true, value: { revision: 3, digest: "d", changed: true } });
    expect(asked).toEqual([
      { method: "PUT", url: "/v1/bundle", authorization: `Bearer ${token}`, body: JSON.stringify(bundle) },
    ]);
  });

  test("gives each id's own result of a queue command", async () => {
    const results = [{ id: "a", done: false, reason: "It is being delivered." }];
    const target = await workerThatAnswers(200, { results });
    const command = { command: "hold" as const, ids: ["a"], by: "Mara" };
    expect(await sendQueueCommand(target, command)).toEqual({ ok: true, value: { results } });
  });

  test("a refusal comes with the worker's own reasons", async () => {
    const problems = [{ path: ["policies", 0], code: "listener", message: "port 25 is taken" }];
    const error = { code: "invalid-policy", message: "The policy cannot be applied.", problems };
    expect(await pushBundle(await workerThatAnswers(422, { error }), bundle)).toEqual({ ok: false, failure: error });
  });

  test.each([
    ["an answer of another shape", 200, { hello: 1 }],
    ["an answer that is not JSON", 200, "<html>"],
    ["an error of another kind of server", 502, "bad gateway"],
    ["a redirect, which is not followed", 307, "{}"],
  ])("%s is a failure and not an exception", async (_title, status, body) => {
    const result = await pushBundle(await workerThatAnswers(status, body), bundle);
    expect(result.ok).toBe(false);
  });

  test("a worker that is not there is unreachable, and the words do not have the token", async () => {
    const result = await pushBundle(worker(1), bundle);
    expect(result).toMatchObject({ ok: false, failure: { code: "unreachable" } });
    expect(JSON.stringify(result)).not.toContain(token);
  });
});
