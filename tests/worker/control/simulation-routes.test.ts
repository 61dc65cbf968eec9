import { expect, test } from "vitest";
import { controlPaths } from "#core/contract/control-api.ts";
import { simulationAnswerSchema } from "#core/contract/simulation.ts";
import { simulationRoutes } from "#worker/control/simulation-routes.ts";
import { gatewayDocument } from "../../support/smtp-gateway.ts";
import { makeWorkerParts } from "../../support/worker-parts.ts";

const document = gatewayDocument({ upstreamPorts: [1] });
const input = {
  interface: "External",
  client: "192.0.2.7",
  sender: "",
  recipients: ["a@inside.test"],
  at: "2026-11-28T08:00:00.000Z",
};
const trial = { input, message: null, full: true };
const request = { document, revision: 1, trials: [trial], ask: { dns: false, scanners: false } };

async function ask(body: unknown) {
  const { services } = await makeWorkerParts();
  const [path, route] = simulationRoutes({ services })[0] ?? [];
  expect(path).toBe(controlPaths.simulations);
  return route?.answer(body, new URLSearchParams());
}

test("a message is tried, one at a time, and the answer has the shape that the console reads", async () => {
  const { services } = await makeWorkerParts();
  const [, route] = simulationRoutes({ services })[0] ?? [];
  const answers = await Promise.all([1, 2, 3].map(async () => route?.answer(request, new URLSearchParams())));
  for (const answer of answers) {
    if (answer === undefined || !("body" in answer)) throw new Error("no JSON");
    expect(answer.status).toBe(200);
    expect(simulationAnswerSchema.parse(answer.body)).toMatchObject({
      simulated: [{ policy: "In", conversation: { length: 3 } }],
    });
  }
});

test("a policy with faults is refused with them", async () => {
  expect(await ask({ ...request, document: { ...document, routes: [] } })).toMatchObject({
    status: 422,
    body: { error: { code: "invalid-policy", problems: [{ code: "unknown-name" }] } },
  });
});

test("a line end inside a command is refused", async () => {
  expect(await ask({ ...request, trials: [{ ...trial, input: { ...input, sender: "a\r\nRSET" } }] })).toMatchObject({
    status: 400,
    body: { error: { code: "bad-request" } },
  });
});
