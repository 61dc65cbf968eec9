import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { FlappingSink } from "../support/flapping-sink.ts";
import { freePort } from "../support/free-port.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { PouringClient } from "../support/pouring-client.ts";
import { ReportReceiver } from "../support/report-receiver.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { SmtpClient } from "../support/smtp-client.ts";
import { waitUntil } from "../support/wait-until.ts";
import { WorkerProcess } from "../support/worker-process.ts";

/** The worker may not grow by more than this, whatever is done to it. */
const growthMiBMax = 128;
/** 10,000 sessions may: 100 MiB, and what the worker takes at rest for its garbage. */
const idleGrowthMiBMax = 192;
/** Another client's whole message, from connecting to QUIT, meanwhile. */
const servedWithinMs = 4_000;
/** 10,000 connections and what else a process has open. */
const filesNeeded = 12_000;
const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);

let sink: FlappingSink;
let worker: WorkerProcess;
let receiver: ReportReceiver;
let port: number;
let restMiB: number;

beforeEach(async () => {
  port = await freePort();
  sink = new FlappingSink(await freePort(), () => {});
  await sink.up();
  receiver = await ReportReceiver.start();
});

afterEach(async () => {
  process.stderr.write(`hostile load: the worker grew from ${restMiB.toFixed(0)} by ${growthMiB().toFixed(0)} MiB\n`);
  await worker.remove();
  await receiver.close();
  await sink.down();
  expect(worker.stderr.split("\n").filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
});

async function startWorker(limits: Record<string, number>): Promise<void> {
  const ports = { 2525: await freePort(), 2526: port, 2600: sink.port };
  const document = parse(policyFixture("durability.yaml", ports)) as { proxyActions: object[] };
  document.proxyActions = document.proxyActions.map((action) => ({
    ...action,
    limits: { connectionsMax: 20_000, connectionsPerSourceMax: 1_000, ...limits },
  }));
  worker = await WorkerProcess.start({ policy: JSON.stringify(document), consoleUrl: receiver.url });
  await served();
  restMiB = memoryMiB();
}

function memoryMiB(): number {
  const [, size] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${worker.pid}/status`, "utf8")) ?? [];
  return Number(size) / 1024;
}

/** Memory beyond that at rest, at its highest since the start. */
function growthMiB(): number {
  const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${worker.pid}/status`, "utf8")) ?? [];
  return Number(peak) / 1024 - restMiB;
}

/** Sends one message as an ordinary client and gives the milliseconds that took. */
async function served(): Promise<number> {
  const since = performance.now();
  const client = await SmtpClient.connect(port);
  expect(await client.mail("Subject: hello\r\n\r\nhello\r\n")).toMatch(/^250/);
  expect(await client.command("QUIT")).toMatch(/^221/);
  client.close();
  return performance.now() - since;
}

/** Serves ordinary clients until the attack is over; gives the slowest of them. */
async function slowestDuring(attack: Promise<unknown>): Promise<number> {
  const state = { over: false };
  const ended = attack.finally(() => {
    state.over = true;
  });
  let slowest = await served();
  while (!state.over) slowest = Math.max(slowest, await served());
  await ended;
  process.stderr.write(`hostile load: the slowest other client took ${slowest.toFixed(0)} ms\n`);
  return slowest;
}

const causes = () =>
  receiver.events.flatMap((event) => ("cause" in event && event.cause !== null ? [event.cause] : []));
const times = (count: number) => Array.from({ length: count }, (_, n) => n);

describe("under attack the worker keeps its memory, serves others and says why it refused", () => {
  test("slow-loris: 400 silent clients and 150 that drip a byte at a time are closed by the idle limit", async () => {
    await startWorker({ idleTimeoutMs: 2_000 });
    const silent = await Promise.all(times(400).map(() => PouringClient.connect(port)));
    const inCommand = await Promise.all(times(75).map(() => PouringClient.connect(port)));
    const inBody = await Promise.all(times(75).map(() => PouringClient.connect(port)));
    await Promise.all(inBody.map((client) => client.openBody()));
    const drip = setInterval(() => {
      for (const { socket } of [...inCommand, ...inBody]) if (socket.writable) socket.write("N");
    }, 100);
    const all = [...silent, ...inCommand, ...inBody];
    const slowest = await slowestDuring(Promise.all(all.map(({ closed }) => closed)));
    clearInterval(drip);
    expect(slowest).toBeLessThan(servedWithinMs);
    expect(all.filter(({ heard }) => !/^421 /m.test(heard))).toHaveLength(0);
    expect(growthMiB()).toBeLessThan(growthMiBMax);
    await waitUntil("an event for each", () => causes().filter((cause) => cause === "idleTimeoutMs").length >= 550);
  }, 40_000);

  test("10,000 idle connections are held, those past connectionsMax hear 421 and others are served on", async () => {
    await startWorker({ connectionsMax: 10_010 });
    for (const pid of [process.pid, worker.pid]) raiseFileLimit(pid);
    const idle: PouringClient[] = [];
    while (idle.length < 10_000) {
      const address = `127.0.0.${2 + Math.floor(idle.length / 1000)}`;
      idle.push(...(await Promise.all(times(250).map(() => PouringClient.connect(port, address)))));
    }
    expect(idle.filter(({ heard }) => !heard.startsWith("220 "))).toHaveLength(0);
    expect(await served()).toBeLessThan(servedWithinMs);
    expect(memoryMiB() - restMiB).toBeLessThan(idleGrowthMiBMax);
    const further = await Promise.all(times(20).map(() => PouringClient.connect(port)));
    expect(further.filter(({ heard }) => heard.startsWith("421 ")).length).toBeGreaterThan(0);
    for (const client of [...idle, ...further]) client.close();
    await waitUntil("the reason", () => causes().some((cause) => cause.startsWith("connectionsMax of the listener")));
    await waitUntil("place for others", () => served().catch(() => null));
  }, 60_000);

  const hundredMegabytes = times(1_600).map(() => Buffer.alloc(65_536, "x"));

  test("a command line of 100 MB is thrown away as it comes", async () => {
    await startWorker({});
    const client = await PouringClient.connect(port);
    const slowest = await slowestDuring(client.pour([...hundredMegabytes, "\r\nQUIT\r\n"]).then(() => client.closed));
    expect(slowest).toBeLessThan(servedWithinMs);
    expect(client.heard).toMatch(/^500 5\.\d\.\d/m);
    expect(growthMiB()).toBeLessThan(growthMiBMax);
  }, 40_000);

  test("a line of 100 MB in a message is refused with the limit that it broke", async () => {
    await startWorker({ messageBytesMax: 1_000_000_000 });
    const client = await PouringClient.connect(port);
    await client.openBody();
    const attack = client.pour([...hundredMegabytes, "\r\n.\r\nQUIT\r\n"]).then(() => client.closed);
    expect(await slowestDuring(attack)).toBeLessThan(servedWithinMs);
    expect(client.heard).toMatch(/^5\d\d 5\.\d\.\d/m);
    expect(growthMiB()).toBeLessThan(growthMiBMax);
    await waitUntil("the reason", () => causes().find((cause) => /line/i.test(cause)));
  }, 40_000);

  test("of 100,000 recipients 100 are taken and each other one hears 452, and the message goes to the 100", async () => {
    await startWorker({});
    const client = await PouringClient.connect(port);
    const recipients = times(1_000).map((n) =>
      times(100)
        .map((m) => `RCPT TO:<user${n}-${m}@inside.test>\r\n`)
        .join(""),
    );
    const pieces = ["EHLO c.test\r\nMAIL FROM:<a@sender.test>\r\n", ...recipients, "DATA\r\n"];
    const attack = client.pour(pieces).then(() => client.until(/^354 /m, 25_000));
    expect(await slowestDuring(attack)).toBeLessThan(servedWithinMs);
    expect(client.heard).toMatch(/^452 4\.5\.3 /m);
    await client.pour(["Subject: many\r\n\r\nhello\r\n.\r\nQUIT\r\n"]);
    await client.closed;
    expect(client.heard).toMatch(/^250 .*\r\n221 /m);
    expect(growthMiB()).toBeLessThan(growthMiBMax);
    const event = await waitUntil("the event", () =>
      receiver.events.find((one) => one.kind === "message" && one.subject === "many"),
    );
    expect(event).toMatchObject({ outcome: "relayed" });
  }, 40_000);

  test(`50 clients that pour errors and garbage are closed by the error limit (seed ${seed})`, async () => {
    await startWorker({ errorDelayMs: 10 });
    const random = seededRandom(seed);
    const garbage = () => Buffer.from(times(4_096).map(() => Math.floor(random() * 256)));
    const clients = await Promise.all(times(50).map(() => PouringClient.connect(port)));
    const attack = Promise.all(
      clients.map(async (client, n) => {
        const errors = "EXPLODE NOW\r\nMAIL\r\nRCPT TO:<x\r\n".repeat(1_000);
        await client.pour(n % 2 === 0 ? times(10).map(() => errors) : times(10).flatMap(() => [garbage(), errors]));
        await client.closed;
      }),
    );
    expect(await slowestDuring(attack)).toBeLessThan(servedWithinMs);
    expect(clients.filter(({ heard }) => !/^421 /m.test(heard))).toHaveLength(0);
    expect(growthMiB()).toBeLessThan(growthMiBMax);
    await waitUntil("an event for each", () => causes().filter((cause) => cause.startsWith("errorsMax")).length >= 50);
  }, 40_000);
});

/** Whoever starts the tests may have given them few files. */
function raiseFileLimit(pid: number): void {
  const [, hard] = /^Max open files +\d+ +(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, "utf8")) ?? [];
  if (Number(hard) < filesNeeded) execFileSync("prlimit", ["--pid", String(pid), `--nofile=${filesNeeded}`]);
}
