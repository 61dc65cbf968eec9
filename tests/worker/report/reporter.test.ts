import { readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import type { WorkerEvent } from "#core/contract/event.ts";
import type { WorkerStatus } from "#core/contract/report.ts";
import { FileQuarantine } from "#worker/quarantine/file-quarantine.ts";
import { Faults } from "#worker/report/faults.ts";
import { ReportBuffer } from "#worker/report/report-buffer.ts";
import { ReportClient } from "#worker/report/report-client.ts";
import { ReportRecorder } from "#worker/report/report-recorder.ts";
import { Reporter } from "#worker/report/reporter.ts";
import { SegmentSpool } from "#worker/spool/segment-spool.ts";
import { freePort } from "../../support/free-port.ts";
import { keep } from "../../support/kept-content.ts";
import { queueMessage } from "../../support/queued-message.ts";
import { ReportReceiver } from "../../support/report-receiver.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { silentLog } from "../../support/worker-parts.ts";

const status: WorkerStatus = {
  version: "0.1.0",
  startedAt: "2026-01-05T09:00:00.000Z",
  revision: 0,
  digest: null,
  listeners: [],
  routes: [],
  certificates: [],
  credentials: [],
  signingKeys: [],
  scanners: [],
  quarantine: { entries: 0, bytes: 0 },
  queue: { depth: 0, bytes: 0, oldestAt: null },
  destinations: [],
  draining: false,
  bans: [],
  banCount: 0,
  faults: [],
};

let eventNumber = 0;

function queueEvent(): WorkerEvent {
  return {
    kind: "queue",
    id: `E${++eventNumber}`,
    at: new Date().toISOString(),
    messageId: "M",
    command: "hold",
    by: "me",
  };
}

type Options = { url: string; stateDir?: string; bytesMax?: number };

async function startReporter({ url, stateDir = temporaryFolder(), bytesMax }: Options) {
  const spool = await SegmentSpool.open({ stateDir, now: Date.now, damaged: () => undefined });
  const quarantine = await FileQuarantine.open({
    stateDir,
    bytesMax: 1024 ** 3,
    now: Date.now,
    damaged: () => undefined,
  });
  const recorder = new ReportRecorder();
  const faults = new Faults();
  const buffer = new ReportBuffer(stateDir, bytesMax);
  const client = new ReportClient(url, "report-token");
  const reporter = new Reporter({
    workerId: "local",
    recorder,
    buffer,
    queue: spool,
    quarantine,
    client,
    faults,
    log: silentLog,
    status: () => status,
    now: Date.now,
  });
  reporter.start();
  onTestFinished(() => reporter.stop(100));
  return { reporter, recorder, spool, quarantine, faults, buffer, stateDir };
}

/** Listens until the test ends; gives the address. */
async function listen(server: Server, port = 0): Promise<string> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

async function receiver(): Promise<ReportReceiver> {
  const console = await ReportReceiver.start();
  onTestFinished(() => console.close());
  return console;
}

test("the first report is a snapshot of the queue, later ones tell its changes, and silence is a heartbeat", async () => {
  const console = await receiver();
  const stateDir = temporaryFolder();
  const before = await SegmentSpool.open({ stateDir, now: Date.now, damaged: () => undefined });
  const id = await queueMessage(before, "x\r\n");
  const { spool } = await startReporter({ url: console.url, stateDir });
  await waitUntil("the snapshot", () => console.reports[0]?.queue.upserts[0]?.id === id);
  expect(console.reports[0]?.queue.reset).toBe(true);
  const second = await queueMessage(spool, "y\r\n");
  await spool.command(id, "delete");
  await waitUntil("the changes", () => console.reports.some(({ queue }) => queue.removals.includes(id)));
  expect(console.reports.some(({ queue }) => !queue.reset && queue.upserts[0]?.id === second)).toBe(true);
  const told = console.reports.length;
  await waitUntil("a heartbeat", () => console.reports.length > told);
  expect(console.reports.at(-1)).toMatchObject({
    events: [],
    counters: [],
    queue: { reset: false, upserts: [], removals: [] },
  });
  expect(console.faults).toEqual([]);
});

test("events and counters arrive once, counters added up by rule", async () => {
  const console = await receiver();
  const { recorder } = await startReporter({ url: console.url });
  const events = Array.from({ length: 1_200 }, queueEvent);
  for (const event of events) recorder.event(event);
  for (let n = 0; n < 3; n++) recorder.ruleHit("r1", "enforced");
  recorder.ruleHit("r1", "observed");
  await waitUntil("all events", () => console.events.length === 1_200);
  expect(console.events.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
  expect(console.reports.flatMap(({ counters }) => counters)).toEqual([{ ruleId: "r1", enforced: 3, observed: 1 }]);
  expect(console.faults).toEqual([]);
});

test("a report whose answer was lost is repeated under its sequence; the snapshot that follows has a new one", async () => {
  const seen: { sequence: number; ids: string[]; reset: boolean; upserts: string[] }[] = [];
  const server = createServer(async (request, response) => {
    const { sequence, events, queue } = JSON.parse(await text(request));
    const ids: string[] = events.map((event: WorkerEvent) => event.id);
    const isFirst = ids.length > 0 && seen.every((report) => report.ids.length === 0);
    seen.push({ sequence, ids, reset: queue.reset, upserts: queue.upserts.map((entry: { id: string }) => entry.id) });
    if (isFirst) request.socket.destroy();
    else response.end(JSON.stringify({ acceptedSequence: sequence }));
  });
  const { recorder, spool } = await startReporter({ url: await listen(server) });
  await waitUntil("the first snapshot", () => seen.length > 0);
  const first = queueEvent();
  recorder.event(first);
  await waitUntil("the repeat", () => seen.filter(({ ids }) => ids.includes(first.id)).length === 2);
  const [lost, repeat] = seen.filter(({ ids }) => ids.includes(first.id));
  expect(repeat?.sequence).toBe(lost?.sequence);
  expect(repeat).toMatchObject({ reset: false, upserts: [] });
  const id = await queueMessage(spool, "x\r\n");
  await waitUntil("a new snapshot", () =>
    seen.some(({ sequence, reset }) => reset && sequence > (lost?.sequence ?? 0)),
  );
  await waitUntil("the message", () => seen.some(({ upserts }) => upserts.includes(id)));
});

test("what happened while the console was away arrives when it is back, in order", async () => {
  const port = await freePort();
  const { recorder, buffer } = await startReporter({ url: `http://127.0.0.1:${port}` });
  const events = [queueEvent(), queueEvent()];
  for (const event of events) {
    recorder.event(event);
    await waitUntil("the batch on disk", () => buffer.oldest !== null);
  }
  const ids: string[] = [];
  const server = createServer(async (request, response) => {
    const { sequence, events: told } = JSON.parse(await text(request));
    ids.push(...told.map((event: WorkerEvent) => event.id));
    response.end(JSON.stringify({ acceptedSequence: sequence }));
  });
  await listen(server, port);
  await waitUntil("both events", () => ids.length === 2);
  expect(ids).toEqual(events.map(({ id }) => id));
});

test("unanswered events survive an orderly restart, and sequences never go back", async () => {
  const stateDir = temporaryFolder();
  const away = await startReporter({ url: `http://127.0.0.1:${await freePort()}`, stateDir });
  const event = queueEvent();
  away.recorder.event(event);
  await away.reporter.stop(100);
  const lastBefore = await away.buffer.nextSequence();
  const console = await receiver();
  await startReporter({ url: console.url, stateDir });
  await waitUntil("the event", () => console.events.some(({ id }) => id === event.id));
  await waitUntil("a fresh report", () => console.reports.length > 1);
  expect(console.reports.at(-1)?.sequence).toBeGreaterThan(lastBefore);
});

test("past the buffer's cap the oldest events are dropped and counted, their counters are kept", async () => {
  const port = await freePort();
  const { recorder, stateDir, reporter } = await startReporter({ url: `http://127.0.0.1:${port}`, bytesMax: 2_000 });
  const lastFile = () =>
    readdirSync(join(stateDir, "reports"))
      .filter((name) => name.endsWith(".json"))
      .sort()
      .at(-1);
  for (let n = 0; n < 4; n++) {
    const before = lastFile();
    for (let m = 0; m < 8; m++) recorder.event(queueEvent());
    recorder.ruleHit("r", "enforced");
    await waitUntil("a batch to be stored", () => lastFile() !== before);
  }
  await reporter.stop(100);
  const console = await receiver();
  await startReporter({ url: console.url, stateDir });
  await waitUntil("the counters", () => console.hits("enforced") === 4);
  const dropped = console.reports.reduce((sum, report) => sum + report.eventsDropped, 0);
  expect(dropped).toBeGreaterThan(0);
  expect(console.events.length + dropped).toBe(32);
});

test("a console that refuses a report for good does not stop the next ones; it is a fault", async () => {
  let refuse = true;
  const taken: number[] = [];
  const server = createServer(async (request, response) => {
    const { sequence } = JSON.parse(await text(request));
    response.statusCode = refuse ? 422 : 200;
    if (!refuse) taken.push(sequence);
    refuse = false;
    response.end(JSON.stringify({ acceptedSequence: sequence }));
  });
  const { faults } = await startReporter({ url: await listen(server) });
  await waitUntil("a later report", () => taken.length > 0);
  expect(faults.list()).toEqual([expect.stringContaining("refused a report (422)")]);
});

test("a worker whose state was lost goes on after the sequence that the console remembers", async () => {
  const console = await receiver();
  const first = await startReporter({ url: console.url });
  for (let n = 0; n < 3; n++) {
    first.recorder.event(queueEvent());
    await waitUntil("the event", () => console.events.length === n + 1);
  }
  await first.reporter.stop(1_000);
  const remembered = console.reports.at(-1)?.sequence ?? 0;
  const { recorder } = await startReporter({ url: console.url });
  const event = queueEvent();
  recorder.event(event);
  await waitUntil("the event of the worker without memory", () => console.events.some(({ id }) => id === event.id));
  expect(console.reports.at(-1)?.sequence).toBeGreaterThan(remembered);
});

test("events that the disk does not take are counted as dropped, and rule hits wait for the next batch", async () => {
  const { url, reports } = await receiver();
  const { recorder, buffer } = await startReporter({ url });
  const { add } = buffer;
  let failed = false;
  buffer.add = (json) => {
    if (failed) return add.call(buffer, json);
    failed = true;
    return Promise.reject(new Error("no space left on device"));
  };
  recorder.event(queueEvent());
  recorder.ruleHit("r", "enforced");
  await waitUntil("the loss to be told", () => reports.some(({ eventsDropped }) => eventsDropped === 1));
  expect(reports.flatMap(({ counters }) => counters)).toEqual([{ ruleId: "r", enforced: 1, observed: 0 }]);
});

test("the first report is a snapshot of the quarantine too, later ones tell its changes", async () => {
  const console = await receiver();
  const stateDir = temporaryFolder();
  const options = { stateDir, bytesMax: 1024 ** 3, now: Date.now, damaged: () => undefined };
  const before = await keep(await FileQuarantine.open(options), "before");
  const { quarantine } = await startReporter({ url: console.url, stateDir });
  const told = () => console.reports.map((report) => report.quarantine);
  await waitUntil("the snapshot", () => told()[0]?.upserts[0]?.id === before.id);
  expect(told()[0]?.reset).toBe(true);
  const later = await keep(quarantine, "later");
  await quarantine.markReleased(before.id, []);
  await quarantine.remove(later.id);
  await waitUntil("the changes", () => told().some(({ removals }) => removals.includes(later.id)));
  expect(told().some(({ reset, upserts }) => !reset && upserts[0]?.state === "released")).toBe(true);
  expect(console.faults).toEqual([]);
});
