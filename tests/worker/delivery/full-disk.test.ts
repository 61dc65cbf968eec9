import { expect, onTestFinished, test } from "vitest";
import { Delivery } from "#worker/delivery/delivery.ts";
import { attemptsPerDestinationMax } from "#worker/delivery/destination-pace.ts";
import { SegmentSpool } from "#worker/spool/segment-spool.ts";
import { queueMessage } from "../../support/queued-message.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { errorOf, SimulatedDisk } from "../../support/simulated-disk.ts";
import { fakeServer, smtpRoute, testPool } from "../../support/upstream-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { makeWorkerParts, silentLog } from "../../support/worker-parts.ts";

test("a disk that takes nothing any more: what is queued is delivered all the same, each once, and is gone after a restart when it takes again", async () => {
  const disk = new SimulatedDisk(seededRandom(1));
  const open = () =>
    SegmentSpool.open({
      ...{ stateDir: "/state", disk: disk.mount(), now: Date.now, freeBytesMin: 0 },
      damaged: () => undefined,
    });
  const spool = await open();
  const { services, suspended, recorder } = await makeWorkerParts();
  const server = await fakeServer();
  const route = smtpRoute([server], { retrySchedule: "1h*48" });
  const delivery = new Delivery({
    ...{ queue: spool, spool, recorder, suspended, log: silentLog, pool: testPool() },
    knownRecipients: services.knownRecipients,
    newId: services.newId,
    now: Date.now,
    random: () => 0,
    findRoute: () => route,
    hostNameOf: () => "gw.example.test",
  });
  onTestFinished(() => delivery.stop());
  // More than are tried at once: an outcome that cannot be written must not keep a place.
  const count = attemptsPerDestinationMax.targets * 2;
  for (let n = 0; n < count; n++) await queueMessage(spool, `Subject: ${n}\r\n\r\n`);
  disk.fault = (call, path) => (call === "write" || call === "flush" ? errorOf("ENOSPC", path) : null);
  delivery.start();
  await waitUntil("the queue to be empty", () => spool.size === 0);
  expect(spool.full()).not.toBeNull();
  expect(new Set(server.mails.map(({ body }) => body)).size).toBe(count);
  expect(server.mails).toHaveLength(count);
  disk.fault = () => null;
  await waitUntil("the disk to be tried again", () => spool.full() === null);
  disk.cutPower();
  expect([...(await open()).ids()]).toEqual([]);
});
