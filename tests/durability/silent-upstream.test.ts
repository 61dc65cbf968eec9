import { createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { smtpDialogue } from "../support/smtp-dialogue.ts";
import { waitUntil } from "../support/wait-until.ts";
import { readQueue } from "../support/worker-control.ts";
import { WorkerProcess } from "../support/worker-process.ts";

let server: Server;
let worker: WorkerProcess;
let port: number;
const sockets = new Set<Socket>();

beforeAll(async () => {
  port = await freePort();
  const upstreamPort = await freePort();
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(upstreamPort, "127.0.0.1", resolve));
  const substitution = { 2525: port, 2526: await freePort(), 2600: upstreamPort };
  const policy = policyFixture("durability.yaml", substitution).replaceAll(
    "delivery:",
    "connectTimeoutMs: 300000, delivery:",
  );
  worker = await WorkerProcess.start({ policy });
}, 60_000);

afterAll(async () => {
  await worker?.remove();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server?.close(resolve));
}, 60_000);

test("SIGTERM ends within 30 s while a server keeps a delivery waiting, and the message is still in the queue", async () => {
  const commands = ["EHLO c.test", "MAIL FROM:<a@sender.test>", "RCPT TO:<user@inside.test>", "DATA"];
  const replies = await smtpDialogue(port, [...commands, "Subject: stuck\r\n\r\nhello\r\n.", "QUIT"]);
  expect(replies[5]).toMatch(/^250 2\.0\.0 Accepted for delivery/);
  await waitUntil("an attempt under way", () => sockets.size > 0);
  const exit = await worker.stop();
  expect(exit).toMatchObject({ code: 0, signal: null });
  expect(exit.tookMs).toBeLessThan(30_000);
  await worker.start();
  expect(await readQueue(worker)).toMatchObject([{ subject: "stuck" }]);
  await worker.killNine();
}, 90_000);
