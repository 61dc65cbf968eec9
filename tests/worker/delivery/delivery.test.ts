import { mkdirSync, renameSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { SmtpRoute } from "#core/contract/policy-document.ts";
import { Delivery } from "#worker/delivery/delivery.ts";
import { FlappingSink } from "../../support/flapping-sink.ts";
import { freePort } from "../../support/free-port.ts";
import { smtpDocument } from "../../support/policy-documents.ts";
import { queueMessage } from "../../support/queued-message.ts";
import { garble } from "../../support/segment-bytes.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { makeWorkerParts, silentLog, type WorkerParts } from "../../support/worker-parts.ts";

type Place = WorkerParts & {
  sink: FlappingSink;
  delivery: Delivery;
  arrived: string[];
  routes: Map<string, SmtpRoute>;
};

async function startDelivery(retrySchedule = "1h*100"): Promise<Place> {
  const parts = await makeWorkerParts();
  const arrived: string[] = [];
  const sink = new FlappingSink(await freePort(), (message) => arrived.push(message));
  const [route] = smtpDocument({ ports: [2525], upstreamPort: sink.port, retrySchedule }).routes;
  const routes = new Map<string, SmtpRoute>(route?.protocol === "smtp" ? [["inside", route]] : []);
  const delivery = new Delivery({
    queue: parts.spool,
    spool: parts.spool,
    knownRecipients: parts.services.knownRecipients,
    suspended: parts.suspended,
    hostNameOf: () => "gw.example.test",
    pool: parts.pool,
    recorder: parts.recorder,
    log: silentLog,
    newId: parts.services.newId,
    now: Date.now,
    random: () => 0,
    findRoute: (name) => routes.get(name) ?? null,
  });
  parts.pool.onRouteReached = (name) => delivery.routeReached(name);
  onTestFinished(async () => {
    await delivery.stop();
    await sink.down();
  });
  return { ...parts, sink, delivery, arrived, routes };
}

const isEmpty = ({ spool }: Place): boolean => [...spool.ids()].length === 0;

test("a queued message arrives octet for octet and leaves the queue; the attempt is an event", async () => {
  const place = await startDelivery();
  await place.sink.up();
  place.delivery.start();
  const id = await queueMessage(place.spool, "Subject: x\r\n\r\n.dot\r\n..\r\nend\r\n");
  await waitUntil("the queue to be empty", () => isEmpty(place));
  expect(place.arrived).toEqual(["Subject: x\r\n\r\n.dot\r\n..\r\nend\r\n"]);
  expect(place.recorder.events).toMatchObject([
    {
      kind: "delivery",
      messageId: id,
      attempt: 1,
      result: "delivered",
      upstream: `127.0.0.1:${place.sink.port}`,
      nextAttemptAt: null,
    },
  ]);
});

test("messages found at the start are delivered", async () => {
  const place = await startDelivery();
  await place.sink.up();
  for (let n = 0; n < 50; n++) await queueMessage(place.spool, `Subject: ${n}\r\n\r\n`);
  place.delivery.start();
  await waitUntil("the queue to be empty", () => isEmpty(place));
  expect(new Set(place.arrived).size).toBe(50);
});

test("a message for a server that is down is deferred by the schedule, and its queue starts when the server is back", async () => {
  const place = await startDelivery();
  place.delivery.start();
  const id = await queueMessage(place.spool, "x\r\n");
  await waitUntil("the first attempt", () => place.spool.entry(id)?.state === "deferred");
  const entry = place.spool.entry(id);
  expect(entry?.attempts).toBe(1);
  expect(entry?.lastReply).toContain(`127.0.0.1:${place.sink.port}`);
  expect(entry?.cause).toBe("unreachable");
  expect(place.delivery.destinations(place.spool.counts())).toMatchObject([
    { destination: "inside", queued: 1, cause: "unreachable", lastReply: entry?.lastReply },
  ]);
  expect(Date.parse(entry?.nextAttemptAt ?? "") - Date.parse(entry?.lastAttemptAt ?? "")).toBe(3_600_000);
  await place.sink.up();
  await waitUntil("the queue to be empty", () => isEmpty(place));
  expect(place.arrived).toEqual(["x\r\n"]);
});

test("of a route that is down the next messages wait without an attempt, with its words, and go when it is back", async () => {
  const place = await startDelivery();
  place.delivery.start();
  const tried = await queueMessage(place.spool, "tried\r\n");
  await waitUntil("the attempt", () => place.spool.entry(tried)?.state === "deferred");
  const others = await Promise.all(Array.from({ length: 1_200 }, (_, n) => queueMessage(place.spool, `${n}\r\n`)));
  const passedOver = {
    attempts: 0,
    lastAttemptAt: null,
    cause: "unreachable",
    lastReply: place.spool.entry(tried)?.lastReply,
  };
  await waitUntil("all of them to wait", () => others.every((id) => place.spool.entry(id)?.state === "deferred"));
  for (const id of others) expect(place.spool.entry(id)).toMatchObject(passedOver);
  expect(place.recorder.events).toHaveLength(1);
  const [urgent = ""] = others;
  await place.spool.command(urgent, "retry-now");
  await waitUntil("the attempt that a person asked for", () => place.spool.entry(urgent)?.attempts === 1);
  await place.sink.up();
  await waitUntil("the queue to be empty", () => isEmpty(place));
  expect(new Set(place.arrived).size).toBe(1_201);
});

test("a person's retry is an attempt at once", async () => {
  const place = await startDelivery();
  place.delivery.start();
  const id = await queueMessage(place.spool, "x\r\n");
  await waitUntil("the first attempt", () => place.spool.entry(id)?.state === "deferred");
  await place.spool.command(id, "retry-now");
  await waitUntil("the second attempt", () => place.spool.entry(id)?.attempts === 2);
});

test("a message that failed and is sent again by a person is delivered, and its failure is forgotten", async () => {
  const place = await startDelivery();
  place.delivery.start();
  const id = await queueMessage(place.spool, "x\r\n");
  await waitUntil("the first attempt", () => place.spool.entry(id)?.state === "deferred");
  await place.spool.command(id, "return", { text: "Nobody reads this" });
  expect(place.spool.entry(id)).toMatchObject({ state: "failed", lastReply: "550 5.7.1 Nobody reads this" });
  await place.sink.up();
  await place.spool.command(id, "retry-now");
  await waitUntil("the queue to be empty", () => isEmpty(place));
  expect(place.arrived).toEqual(["x\r\n"]);
  expect(place.recorder.events.at(-1)).toMatchObject({ kind: "delivery", result: "delivered", attempt: 2 });
});

test("a held message is not tried", async () => {
  const place = await startDelivery();
  const id = await queueMessage(place.spool, "held\r\n");
  await place.spool.command(id, "hold");
  await place.sink.up();
  place.delivery.start();
  await queueMessage(place.spool, "other\r\n");
  await waitUntil("the other to arrive", () => place.arrived.includes("other\r\n"));
  expect(place.spool.entry(id)).toMatchObject({ state: "held", attempts: 0 });
});

test("when the schedule has run out the message is failed, kept and visible", async () => {
  const place = await startDelivery("1s");
  place.delivery.start();
  const id = await queueMessage(place.spool, "x\r\n");
  await waitUntil("the schedule to run out", () => place.spool.entry(id)?.state === "failed");
  expect(place.spool.entry(id)).toMatchObject({
    recipients: ["bob@example.test"],
    nextAttemptAt: null,
    lastReply: expect.stringContaining("given up"),
    cause: "expired",
  });
  expect(place.recorder.events.at(-1)).toMatchObject({ kind: "delivery", result: "failed" });
});

test("a message that was never tried, its route being down, is failed after one attempt when its time is over", async () => {
  const place = await startDelivery("2s");
  place.delivery.start();
  const tried = await queueMessage(place.spool, "tried\r\n");
  await waitUntil("the attempt", () => place.spool.entry(tried)?.state === "deferred");
  const id = await queueMessage(place.spool, "passed over\r\n");
  await waitUntil("it to wait", () => place.spool.entry(id)?.state === "deferred");
  expect(place.spool.entry(id)?.attempts).toBe(0);
  await waitUntil("its time to be over", () => place.spool.entry(id)?.state === "failed");
  expect(place.spool.entry(id)).toMatchObject({ attempts: 1, cause: "expired" });
});

test("a message whose route is gone from the policy is deferred with the reason", async () => {
  const place = await startDelivery();
  place.routes.clear();
  place.delivery.start();
  const id = await queueMessage(place.spool, "x\r\n");
  await waitUntil("the attempt", () => place.spool.entry(id)?.state === "deferred");
  expect(place.spool.entry(id)).toMatchObject({
    lastReply: expect.stringMatching(/no SMTP route named inside/),
    cause: "no-route",
  });
});

test("a message that is damaged on disk is never sent", async () => {
  const place = await startDelivery();
  const id = await queueMessage(place.spool, "precious\r\n");
  // What was accepted just now is in memory still, once.
  await place.spool.load(id);
  garble(place.stateDir, "precious", "poisoned");
  await place.sink.up();
  place.delivery.start();
  await waitUntil("it to be set aside", () => isEmpty(place));
  expect(place.arrived).toEqual([]);
  expect(await place.spool.corruptFiles()).toHaveLength(1);
});

test("a message whose file cannot be read rests in the queue and is not tried without end", async () => {
  const place = await startDelivery();
  await place.sink.up();
  const id = await queueMessage(place.spool, `Subject: x\r\n\r\n${"body\r\n".repeat(100_000)}`);
  const path = join(place.stateDir, "spool/large", `${id}.msg`);
  renameSync(path, `${path}.away`);
  mkdirSync(path);
  const { load } = place.spool;
  let loads = 0;
  place.spool.load = (wanted) => {
    loads++;
    return load.call(place.spool, wanted);
  };
  place.delivery.start();
  await waitUntil("an attempt to fail", () => place.spool.entry(id)?.state === "deferred");
  const other = await queueMessage(place.spool, "Subject: y\r\n\r\nbody\r\n");
  await waitUntil("another message to go", () => place.spool.entry(other) === null);
  expect(loads).toBe(2);
  expect(place.spool.entry(id)).toMatchObject({
    state: "deferred",
    attempts: 0,
    lastReply: expect.stringMatching(/^451/),
    cause: "disk",
  });
  rmdirSync(path);
  renameSync(`${path}.away`, path);
  await place.spool.command(id, "retry-now");
  await waitUntil("the queue to be empty", () => isEmpty(place));
});

test("a message whose TLS rule requires TLS waits for it, whatever its route says", async () => {
  const place = await startDelivery();
  await place.sink.up();
  place.delivery.start();
  const id = await queueMessage(place.spool, "x\r\n", { tls: "required" });
  await waitUntil("the first attempt", () => place.spool.entry(id)?.state === "deferred");
  expect(place.spool.entry(id)?.lastReply).toMatch(/STARTTLS/);
  // Others go on: the route is not down, and its being reached does not wake this one before its time.
  expect(place.pool.routeState("inside").state).not.toBe("down");
  expect(place.spool.record(id)?.unreached).toBe(false);
  expect(place.arrived).toEqual([]);
});

test("a message that was rerouted goes by its new route and leaves the old one alone", async () => {
  const place = await startDelivery();
  const other = new FlappingSink(await freePort(), () => undefined);
  onTestFinished(() => other.down());
  await other.up();
  const [route] = smtpDocument({ ports: [2525], upstreamPort: other.port }).routes;
  if (route?.protocol === "smtp") place.routes.set("other", { ...route, name: "other" });
  place.delivery.start();
  const id = await queueMessage(place.spool, "x\r\n");
  await waitUntil("the first attempt", () => place.spool.entry(id)?.state === "deferred");
  await place.spool.command(id, "reroute", { route: "other" });
  await waitUntil("the queue to be empty", () => isEmpty(place));
  expect(other.taken).toBe(1);
  expect(place.arrived).toEqual([]);
});
