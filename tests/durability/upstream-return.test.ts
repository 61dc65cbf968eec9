import { afterAll, beforeAll, expect, test } from "vitest";
import { FlappingSink } from "../support/flapping-sink.ts";
import { freePort } from "../support/free-port.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { ReportReceiver } from "../support/report-receiver.ts";
import { smtpDialogue } from "../support/smtp-dialogue.ts";
import { waitUntil } from "../support/wait-until.ts";
import { commandQueue, readQueue, readStatus } from "../support/worker-control.ts";
import { WorkerProcess } from "../support/worker-process.ts";

let sink: FlappingSink;
let worker: WorkerProcess;
let receiver: ReportReceiver;
let port: number;
const arrived: string[] = [];

beforeAll(async () => {
  port = await freePort();
  sink = new FlappingSink(await freePort(), (message) => arrived.push(message));
  receiver = await ReportReceiver.start();
  const substitution = { 2525: await freePort(), 2526: port, 2600: sink.port };
  const policy = policyFixture("durability.yaml", substitution).replaceAll("1s*9999", "1h*99");
  worker = await WorkerProcess.start({ policy, consoleUrl: receiver.url });
}, 60_000);

afterAll(async () => {
  await worker?.remove();
  await receiver?.close();
  await sink?.down();
}, 60_000);

/** Sends one message and gives the reply to it and the id in that. */
async function send(subject: string): Promise<{ reply: string; id: string }> {
  const commands = ["EHLO c.test", "MAIL FROM:<a@sender.test>", "RCPT TO:<user@inside.test>", "DATA"];
  const replies = await smtpDialogue(port, [...commands, `Subject: ${subject}\r\n\r\nhello\r\n.`, "QUIT"]);
  const reply = replies[5] ?? "";
  return { reply, id: /\(([0-9A-Z]{26})\)/.exec(reply)?.[1] ?? "" };
}

const entryOf = async (id: string) => (await readQueue(worker)).find((entry) => entry.id === id);

test("a message for a server that is down is accepted, waits with its last reply, and is delivered by retry-now when it is back", async () => {
  const { reply, id } = await send("waits");
  expect(reply).toMatch(/^250 2\.0\.0 Accepted for delivery \([0-9A-Z]{26}\)$/);
  const entry = await waitUntil("the first attempt", async () => {
    const found = await entryOf(id);
    return found?.state === "deferred" && found.attempts > 0 ? found : null;
  });
  expect(entry).toMatchObject({
    sender: "a@sender.test",
    recipients: ["user@inside.test"],
    subject: "waits",
    route: "straight",
  });
  expect(entry.lastReply).not.toBeNull();
  expect(Date.parse(entry.nextAttemptAt ?? "")).toBeGreaterThan(Date.now());
  expect((await readStatus(worker)).queue.depth).toBe(1);
  await sink.up();
  expect(await commandQueue(worker, "retry-now", [id])).toEqual([{ id, done: true, reason: null }]);
  await waitUntil("the delivery", () => arrived.some((message) => message.includes("Subject: waits")));
  await waitUntil("the entry to go", async () => (await readQueue(worker)).length === 0);
  await waitUntil("the report of the delivery", () =>
    receiver.events.some(
      (event) => event.kind === "delivery" && event.messageId === id && event.result === "delivered",
    ),
  );
  await sink.down();
});

test("a held message outlives a restart and a returning server, and goes after release", async () => {
  const { id } = await send("held");
  await waitUntil("the first attempt", async () => (await entryOf(id))?.state === "deferred");
  expect(await commandQueue(worker, "hold", [id])).toMatchObject([{ id, done: true }]);
  await worker.killNine();
  await worker.start();
  expect(await entryOf(id)).toMatchObject({ state: "held" });
  await sink.up();
  const { reply } = await send("inline while one is held");
  expect(reply).toMatch(/^250 /);
  expect(await entryOf(id)).toMatchObject({ state: "held" });
  await commandQueue(worker, "release", [id]);
  await waitUntil("the delivery", () => arrived.some((message) => message.includes("Subject: held")));
  await sink.down();
});

test("a deleted message is gone, also after a restart, and is never delivered", async () => {
  const { id } = await send("deleted");
  await waitUntil("the first attempt", async () => (await entryOf(id))?.state === "deferred");
  expect(await commandQueue(worker, "delete", [id, "unknown"])).toMatchObject([
    { id, done: true },
    { id: "unknown", done: false },
  ]);
  await waitUntil("the report of the command", () =>
    receiver.events.some((event) => event.kind === "queue" && event.messageId === id && event.by === "tester"),
  );
  await worker.killNine();
  await worker.start();
  expect(await readQueue(worker)).toEqual([]);
});

test("waiting messages start by themselves when a new message shows that the server is back", async () => {
  const { id } = await send("wakes up");
  await waitUntil("the first attempt", async () => (await entryOf(id))?.state === "deferred");
  await sink.up();
  await waitUntil("an inline message to get through", async () => {
    await send("first one through");
    return arrived.some((message) => message.includes("Subject: first one through"));
  });
  await waitUntil("the delivery", () => arrived.some((message) => message.includes("Subject: wakes up")));
  expect(receiver.faults).toEqual([]);
}, 30_000);
