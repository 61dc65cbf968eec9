import type { Logger } from "pino";
import type { SmtpRoute } from "#core/contract/policy-document.ts";
import type { Services } from "../services.ts";
import type { SegmentSpool } from "../spool/segment-spool.ts";
import { Delivery } from "./delivery.ts";
import { DestinationCommands } from "./destination-commands.ts";
import { ShownQueue } from "./shown-queue.ts";
import { SuspendedDestinations } from "./suspended-destinations.ts";

export type DeliveryContext = {
  stateDir: string;
  services: Pick<Services, "recorder" | "smtpPool" | "knownRecipients" | "newId" | "now">;
  spool: SegmentSpool;
  findRoute(name: string): SmtpRoute | null;
  hostNameOf(policy: string): string;
  log: Logger;
  random(): number;
};

/** What brings queued mail to its servers, what people see of it, and what they do about its destinations. */
export function makeDelivery({ stateDir, services, spool, findRoute, hostNameOf, log, random }: DeliveryContext) {
  const { recorder, smtpPool: pool, knownRecipients, newId, now } = services;
  const suspended = new SuspendedDestinations(stateDir, log);
  const shared = { pool, suspended, findRoute, log, now };
  const told = { recorder, newId, hostNameOf };
  const delivery = new Delivery({ ...shared, ...told, queue: spool, spool, knownRecipients, random });
  const shownQueue = new ShownQueue(spool, suspended);
  const destinations = new DestinationCommands({
    ...shared,
    recorder,
    newId,
    queue: spool,
    shown: shownQueue,
    delivery,
  });
  return { delivery, shownQueue, destinations };
}
