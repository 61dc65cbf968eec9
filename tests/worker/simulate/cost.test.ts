import { expect, test } from "vitest";
import { type SimulationAnswer, simulationRequestSchema } from "#core/contract/simulation.ts";
import { smtpInputSchema } from "#core/contract/simulation-input.ts";
import { simulate } from "#worker/simulate/simulate.ts";
import { cpuTimeMs } from "../../support/cpu-time.ts";
import { gatewayDocument } from "../../support/smtp-gateway.ts";
import { makeWorkerParts } from "../../support/worker-parts.ts";

const rules = (count: number, when: (index: number) => object) => ({
  rules: Array.from({ length: count }, (_, index) => ({ name: `r${index}`, when: when(index), action: "deny" })),
});
const document = gatewayDocument({
  upstreamPorts: [1],
  rulesets: {
    sender: rules(150, (index) => ({ sender: { pattern: `^a${index}[0-9]+@` } })),
    attachment: rules(150, (index) => ({ fileName: { like: `*.x${index}` } })),
    message: rules(200, (index) => ({ subject: { like: `*s${index}*` } })),
  },
});
const encoded = `${"QUJD".repeat(19)}\r\n`.repeat(13_400);
const message = `Subject: large\r\nContent-Type: application/pdf; name="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded}`;
const input = smtpInputSchema.parse({
  interface: "External",
  client: "192.0.2.7",
  sender: "a@sender.test",
  recipients: ["b@inside.test"],
  at: "2026-11-28T08:00:00.000Z",
});

test("1 MB under 500 rules, and under what is live beside them, costs a fraction of a second, and its answer is small", async () => {
  const { services } = await makeWorkerParts();
  const trials = [{ input, message: Buffer.from(message).toString("base64"), full: true }];
  const policy = { document, revision: 1 };
  const body = JSON.stringify({ ...policy, beside: policy, trials, ask: { dns: false, scanners: false } });
  let answer: SimulationAnswer | null = null;
  // What the worker does with a request, from its bytes to those of the answer. It takes 150 ms; other tests run beside it.
  const spent = await cpuTimeMs(async () => {
    answer = await simulate(simulationRequestSchema.parse(JSON.parse(body)), services);
  });
  expect(answer).toMatchObject({ simulated: [{ rules: { length: 503 } }], beside: [{ rules: [] }] });
  expect(JSON.stringify(answer).length).toBeLessThan(256 * 1024);
  expect(body.length).toBeLessThan(2 * 1024 * 1024);
  expect(spent).toBeLessThan(1_000);
});
