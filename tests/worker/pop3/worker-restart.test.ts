import { expect, onTestFinished, test } from "vitest";
import { stringify } from "yaml";
import { FakePop3Server } from "../../support/fake-pop3-server.ts";
import { FakeScanner } from "../../support/fake-scanner.ts";
import { freePort } from "../../support/free-port.ts";
import { Pop3Client } from "../../support/pop3-gateway.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { WorkerProcess } from "../../support/worker-process.ts";

const message = "From: a@b.test\r\nSubject: s\r\n\r\nhello\r\n";

function document(port: number, target: number, scanner: { host: string; port: number }) {
  return {
    version: 1,
    interfaces: [{ name: "Trusted", zone: "trusted" }],
    routes: [{ name: "mailbox", protocol: "pop3", targets: [{ host: "127.0.0.1", port: target }] }],
    scanners: [{ kind: "clamd", name: "av", at: scanner }],
    proxyActions: [
      { name: "Fetch", protocol: "pop3", direction: "outgoing", content: { scanners: ["av"] }, rulesets: {} },
    ],
    policies: [
      {
        name: "Fetch",
        protocol: "pop3",
        from: { interface: "Trusted" },
        to: { interface: "Trusted", route: "mailbox" },
        listen: [{ address: "127.0.0.1", port }],
        proxyAction: "Fetch",
      },
    ],
  };
}

async function retrieve(port: number): Promise<void> {
  const client = new Pop3Client(port);
  onTestFinished(() => void client.socket.destroy());
  await client.login();
  expect(await client.answer("RETR 1")).toContain("hello");
  await client.ask("QUIT");
  client.socket.destroy();
}

test("a message is scanned once by a worker that stops and starts again, and one that is killed in between", async () => {
  let scans = 0;
  const clamd = await FakeScanner.start((heard) => {
    if (heard.includes("zVERSION\0")) return "ClamAV 1.0/1/Mon Jan  1 00:00:00 2024\0";
    if (!heard.endsWith("\0\0\0\0")) return null;
    scans++;
    return "1: stream: OK\0";
  });
  const server = new FakePop3Server({ messages: [message] });
  const port = await freePort();
  const policy = stringify(document(port, await server.listen(), clamd.at));
  onTestFinished(() => server.close());
  const worker = await WorkerProcess.start({ policy });
  onTestFinished(() => worker.remove());
  await retrieve(port);
  expect(scans).toBe(1);
  await worker.stop();
  await worker.start();
  await retrieve(port);
  await worker.killNine();
  await worker.start();
  await retrieve(port);
  expect(scans).toBe(1);
  await waitUntil(
    "the server was asked each time",
    () => server.commands.filter((one) => one === "RETR 1").length === 3,
  );
});
