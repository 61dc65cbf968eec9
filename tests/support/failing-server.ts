import { onTestFinished } from "vitest";
import { Delivery } from "#worker/delivery/delivery.ts";
import type { FakeSmtpOptions } from "./fake-smtp-server.ts";
import { queueMessage } from "./queued-message.ts";
import { fakeServer, smtpRoute, testPool } from "./upstream-rig.ts";
import { waitUntil } from "./wait-until.ts";
import { makeWorkerParts, silentLog } from "./worker-parts.ts";

/** A queue with a delivery, a server that fails as told, and a clock that jumps. */
export async function startFailing(options: FakeSmtpOptions) {
  let jumpedMs = 0;
  const now = () => Math.round(startedAt + performance.now()) + jumpedMs;
  const startedAt = Date.now() - performance.now();
  const parts = await makeWorkerParts(now);
  const server = await fakeServer(options);
  const route = smtpRoute([server], { retrySchedule: "1h*48" });
  const pool = testPool({ now });
  const delivery = new Delivery({
    queue: parts.spool,
    spool: parts.spool,
    pool,
    recorder: parts.recorder,
    log: silentLog,
    newId: parts.services.newId,
    now,
    random: () => 0,
    findRoute: () => route,
    knownRecipients: parts.services.knownRecipients,
    suspended: parts.suspended,
    hostNameOf: () => "gw.example.test",
  });
  pool.onRouteReached = (name) => delivery.routeReached(name);
  onTestFinished(() => delivery.stop());
  delivery.start();
  const queue = (...to: string[]) =>
    queueMessage(parts.spool, "Subject: x\r\n\r\nbody\r\n", {
      receivedAt: now(),
      recipients: to.map((address) => ({ address, parameters: [] })),
    });
  const attempted = (count: number) => waitUntil(`attempt ${count}`, () => parts.recorder.events.length === count);
  return { ...parts, server, queue, attempted, jump: (ms: number) => void (jumpedMs += ms) };
}
