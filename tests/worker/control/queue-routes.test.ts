import { expect, onTestFinished, test } from "vitest";
import {
  controlErrorSchema,
  controlPaths,
  type DestinationAnswer,
  destinationAnswerSchema,
  drainRequestSchema,
  queueMessageBytesMax,
} from "#core/contract/control-api.ts";
import type { DestinationCommand } from "#core/contract/queue.ts";
import { signBundle } from "../../support/control-key.ts";
import { FlappingSink } from "../../support/flapping-sink.ts";
import { freePort } from "../../support/free-port.ts";
import { LineClient } from "../../support/line-client.ts";
import { smtpDocument } from "../../support/policy-documents.ts";
import { SmtpClient } from "../../support/smtp-client.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { startWholeWorker } from "../../support/whole-worker.ts";
import { askControl, putBundle, readQueue, readStatus } from "../../support/worker-control.ts";

/** A whole worker whose server is away, or is there. */
async function startQueue(isUp = false) {
  const worker = await startWholeWorker();
  const { target } = worker;
  const arrived: string[] = [];
  const sink = new FlappingSink(await freePort(), (message) => arrived.push(message));
  onTestFinished(() => sink.down());
  if (isUp) await sink.up();
  const port = await freePort();
  const document = smtpDocument({ ports: [port], upstreamPort: sink.port, retrySchedule: "1h*48" });
  const bundle = signBundle(worker.key, { workerId: "local", revision: 1, document });
  expect((await putBundle(target, bundle)).status).toBe(200);
  const send = async (message: string): Promise<string> => {
    const client = await SmtpClient.connect(port);
    await client.command("EHLO client.test");
    await client.command("MAIL FROM:<ann@example.org>");
    await client.command("RCPT TO:<bob@example.test>");
    await client.command("DATA");
    const reply = await client.command(`${message}.`);
    client.socket.destroy();
    return reply;
  };
  const command = async (name: DestinationCommand, destination = "inside"): Promise<DestinationAnswer> => {
    const order = { command: name, route: "inside", destination, by: "Mara" };
    const answer = await askControl(target, "POST", controlPaths.queueDestinations, order);
    return destinationAnswerSchema.parse(await answer.json());
  };
  const drain = async (on: boolean) => {
    const answer = await askControl(target, "PUT", controlPaths.drain, { on, by: "Mara" });
    return drainRequestSchema.parse(await answer.json());
  };
  const waiting = () =>
    waitUntil("an entry to be put off", async () => (await readQueue(target))[0]?.state === "deferred");
  const told = () => worker.receiver.reports.flatMap(({ events }) => events.filter(({ kind }) => kind === "operation"));
  const operations = async (count: number) => {
    await waitUntil("the console to be told of the commands", () => told().length >= count);
    return told();
  };
  return { ...worker, port, sink, arrived, send, command, drain, waiting, operations };
}

test("a suspended destination: what waits says so and is not tried, also when it is asked for; resumed, it goes", async () => {
  const { target, sink, arrived, send, command, waiting, receiver, written, operations } = await startQueue();
  await send("Subject: first\r\n\r\n\r\n");
  await waiting();
  expect(await command("suspend")).toEqual({ done: true, reason: null });
  expect(await command("suspend")).toEqual({ done: false, reason: "it is suspended already" });
  await sink.up();
  const [entry] = await readQueue(target);
  expect(entry).toMatchObject({ state: "deferred", cause: "suspended", attempts: 1 });
  await waitUntil("the console to be told", () =>
    receiver.reports.some(({ queue }) => queue.upserts.some(({ cause }) => cause === "suspended")),
  );
  expect((await readStatus(target)).destinations).toMatchObject([
    { route: "inside", destination: "inside", state: "suspended", queued: 1, cause: "unreachable" },
  ]);
  // That its server is there is no reason to try it.
  expect(await command("probe")).toEqual({ done: true, reason: `127.0.0.1:${sink.port} serves` });
  await askControl(target, "POST", controlPaths.queueCommands, { command: "retry-now", ids: [entry?.id], by: "Mara" });
  // Inline sessions are not affected: the sender hears the server itself.
  expect(await send("Subject: second\r\n\r\n\r\n")).toMatch(/^250/);
  expect(arrived).toHaveLength(1);
  expect(await readQueue(target)).toMatchObject([{ state: "ready", cause: "suspended", attempts: 1 }]);
  expect(await command("resume")).toEqual({ done: true, reason: null });
  expect(await command("resume")).toEqual({ done: false, reason: "it is not suspended" });
  await waitUntil("the queue to be empty", async () => (await readQueue(target)).length === 0);
  expect(arrived).toHaveLength(2);
  const operation = { kind: "operation", target: { route: "inside", destination: "inside" }, by: "Mara" };
  expect(await operations(3)).toMatchObject([
    { ...operation, command: "suspend", result: null },
    { ...operation, command: "probe", result: `127.0.0.1:${sink.port} serves` },
    { ...operation, command: "resume", result: null },
  ]);
  expect(written().some((text) => /"by":"Mara".*"command":"suspend"|"command":"suspend".*"by":"Mara"/.test(text))).toBe(
    true,
  );
});

test("a probe tells why the server cannot be used; when it can, what waits is due at once", async () => {
  const { target, sink, send, command, waiting } = await startQueue();
  await send("Subject: x\r\n\r\n\r\n");
  await waiting();
  const { done, reason } = await command("probe");
  expect([done, reason]).toEqual([false, expect.stringMatching(/^127\.0\.0\.1:\d+: .*ECONNREFUSED/)]);
  await sink.up();
  expect(await command("probe")).toEqual({ done: true, reason: `127.0.0.1:${sink.port} serves` });
  await waitUntil("the queue to be empty", async () => (await readQueue(target)).length === 0);
});

test("a destination that nothing goes to is not suspended, with the reason; 400 for another shape", async () => {
  const { target, command } = await startQueue();
  expect(await command("suspend", "example.test")).toEqual({
    done: false,
    reason: "the destination of the route inside is inside",
  });
  const order = { command: "suspend", route: "gone", destination: "gone", by: "Mara" };
  const answer = await askControl(target, "POST", controlPaths.queueDestinations, order);
  expect(await answer.json()).toEqual({ done: false, reason: "the policy in force has no SMTP route named gone" });
  for (const [method, path] of [
    ["POST", controlPaths.queueDestinations],
    ["PUT", controlPaths.drain],
  ] as const)
    expect((await askControl(target, method, path, { on: "yes" })).status).toBe(400);
});

test("a drained worker sends newcomers away with 421, asks running sessions to end and tries nothing; off, all is as before", async () => {
  const { target, port, sink, send, drain, waiting, written, operations } = await startQueue();
  await send("Subject: x\r\n\r\n\r\n");
  await waiting();
  const running = await LineClient.connect(port);
  await running.hears("220 ");
  expect(await drain(true)).toEqual({ on: true, by: "Mara" });
  await running.hears("421 ");
  await running.isClosed();
  const newcomer = await LineClient.connect(port);
  expect(await newcomer.firstLine()).toMatch(/^421 4\.3\.2/);
  await sink.up();
  const [entry] = await readQueue(target);
  await askControl(target, "POST", controlPaths.queueCommands, { command: "retry-now", ids: [entry?.id], by: "Mara" });
  expect(await readStatus(target)).toMatchObject({ draining: true, queue: { depth: 1 } });
  expect(await readQueue(target)).toMatchObject([{ state: "ready", attempts: 1 }]);
  await drain(false);
  await drain(false);
  await waitUntil("the queue to be empty", async () => (await readQueue(target)).length === 0);
  expect((await readStatus(target)).draining).toBe(false);
  expect(await send("Subject: y\r\n\r\n\r\n")).toMatch(/^250/);
  expect(await operations(2)).toMatchObject([
    { command: "drain", target: null, by: "Mara" },
    { command: "end-drain", target: null, by: "Mara" },
  ]);
  expect(written().some((text) => text.includes("a person drains the worker"))).toBe(true);
});

test("a queued message is shown as it is queued, its first part where it is large; 404 for one that is not there", async () => {
  const { target, send, waiting } = await startQueue();
  const body = "0123456789\r\n".repeat(queueMessageBytesMax / 10);
  await send(`Subject: large\r\n\r\n${body}`);
  await waiting();
  const [entry] = await readQueue(target);
  const shown = await askControl(target, "GET", `${controlPaths.queueMessage}?id=${entry?.id}`);
  expect(shown.headers.get("content-type")).toBe("application/octet-stream");
  const text = await shown.text();
  expect(text).toHaveLength(queueMessageBytesMax);
  expect(text).toMatch(/^Received: [^]*Subject: large\r\n\r\n0123456789\r\n/);
  const missing = await askControl(target, "GET", `${controlPaths.queueMessage}?id=01MISSING`);
  expect([missing.status, controlErrorSchema.parse(await missing.json()).error.code]).toEqual([404, "not-found"]);
});
