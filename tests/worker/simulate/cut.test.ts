import { readdirSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Trial } from "#core/contract/simulation.ts";
import { pop3InputSchema, smtpInputSchema } from "#core/contract/simulation-input.ts";
import { simulate } from "#worker/simulate/simulate.ts";
import { cpuTimeMs } from "../../support/cpu-time.ts";
import { mailboxDocument } from "../../support/pop3-gateway.ts";
import { gatewayDocument } from "../../support/smtp-gateway.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { makeWorkerParts } from "../../support/worker-parts.ts";

const line = `${"x".repeat(70)}\r\n`;
const large = Buffer.from(`Subject: large\r\n\r\n${line.repeat(400_000)}`).toString("base64");
const at = "2026-11-28T08:00:00.000Z";
const wholeMessage = { message: { rules: [{ name: "all", when: { subject: { is: "no" } }, action: "quarantine" }] } };

const smtp = smtpInputSchema.parse({
  interface: "External",
  client: "192.0.2.7",
  sender: "a@sender.test",
  recipients: ["b@inside.test"],
  at,
});
const pop3 = pop3InputSchema.parse({ protocol: "pop3", interface: "Trusted", client: "192.0.2.7", at });

/** Of the event loop. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await setImmediate();
}

test.each([
  ["SMTP", gatewayDocument({ upstreamPorts: [1], rulesets: wholeMessage }), smtp],
  ["POP3", mailboxDocument({ targets: [1], rulesets: wholeMessage }), pop3],
] as const)("a trial over %s that is cut ends at once, and nothing of it is left", async (_, document, input) => {
  const { services } = await makeWorkerParts();
  const cut = new AbortController();
  const trial: Trial = { input, message: large, full: true };
  const request = { document, revision: 1, trials: [trial, trial], ask: { dns: false, scanners: false } };
  const simulated = simulate(request, services, cut.signal);
  simulated.catch(() => undefined);
  await turns(20);
  const reason = new Error("late");
  cut.abort(reason);
  await expect(simulated).rejects.toBe(reason);
  // What was under way has its turn to end.
  await turns(20);
  expect(await cpuTimeMs(() => turns(200))).toBeLessThan(50);
  expect(services.content.memory.bytes).toBe(0);
  const left = () => readdirSync(services.holdRoom.folder).filter((name) => /retrieval|hold/.test(name));
  await waitUntil("no file of it is left", () => left().length === 0);
});
