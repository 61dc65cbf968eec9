import {
  controlPaths,
  type DrainRequest,
  destinationRequestSchema,
  drainRequestSchema,
  type QueueCommandAnswer,
  type QueueCommandRequest,
  type QueuePage,
  queueCommandRequestSchema,
  queueMessageBytesMax,
} from "#core/contract/control-api.ts";
import type { Delivery } from "../delivery/delivery.ts";
import type { DestinationCommands } from "../delivery/destination-commands.ts";
import type { ShownQueue } from "../delivery/shown-queue.ts";
import type { Governor } from "../policy/governor.ts";
import { sourceOfBytes } from "../quarantine/content-stream.ts";
import type { Recorder } from "../services.ts";
import type { DeliveryQueue } from "../spool/delivery-queue.ts";
import { firstBytes } from "../spool/first-bytes.ts";
import type { Spool } from "../spool/spool.ts";
import type { WorkerDrain } from "../worker-drain.ts";
import { type ControlAnswer, errorAnswer, shapeWords } from "./control-answer.ts";
import type { ControlRoute } from "./control-routes.ts";
import { pageOf } from "./entry-page.ts";

export const commandRequestBytesMax = 256 * 1024;

export type QueueContext = {
  governor: Governor;
  spool: Spool & Pick<DeliveryQueue, "load">;
  shownQueue: Pick<ShownQueue, "ids" | "entry">;
  destinations: Pick<DestinationCommands, "command">;
  drain: Pick<WorkerDrain, "set">;
  delivery: Pick<Delivery, "bounce">;
  recorder: Recorder;
  newId(): string;
  now(): number;
};

/** What people see of the queue and do about it. */
export function queueRoutes(context: QueueContext): [string, ControlRoute][] {
  const { spool, shownQueue, destinations, drain } = context;
  const bodyBytesMax = commandRequestBytesMax;
  return [
    [controlPaths.queue, { method: "GET", bodyBytesMax: 0, answer: (_, query) => queuePage(shownQueue, query) }],
    [controlPaths.queueMessage, { method: "GET", bodyBytesMax: 0, answer: (_, query) => messageOf(spool, query) }],
    [controlPaths.queueCommands, { method: "POST", bodyBytesMax, answer: (body) => commandQueue(context, body) }],
    [
      controlPaths.queueDestinations,
      { method: "POST", bodyBytesMax, answer: (body) => commandDestination(destinations, body) },
    ],
    [controlPaths.drain, { method: "PUT", bodyBytesMax, answer: (body) => setDrain(drain, body) }],
  ];
}

function queuePage(queue: QueueContext["shownQueue"], query: URLSearchParams): ControlAnswer {
  const page = pageOf(queue, query);
  if (typeof page === "string") return errorAnswer("bad-request", page);
  return { status: 200, body: page satisfies QueuePage };
}

async function messageOf(spool: Pick<DeliveryQueue, "load">, query: URLSearchParams): Promise<ControlAnswer> {
  const message = await spool.load(query.get("id") ?? "");
  if (message === null) return errorAnswer("not-found", "it is not in the queue");
  return { status: 200, content: sourceOfBytes(await firstBytes(message, queueMessageBytesMax)) };
}

async function commandQueue(context: QueueContext, body: unknown): Promise<ControlAnswer> {
  const request = queueCommandRequestSchema.safeParse(body);
  if (!request.success) return errorAnswer("bad-request", shapeWords(request.error));
  const results = await Promise.all(request.data.ids.map((id) => commandOne(context, request.data, id)));
  return { status: 200, body: { results } satisfies QueueCommandAnswer };
}

async function commandOne(
  { spool, delivery, recorder, governor, newId, now }: QueueContext,
  { command, by, text, route }: QueueCommandRequest,
  id: string,
): Promise<QueueCommandAnswer["results"][number]> {
  if (route !== undefined && governor.inForce?.policy.routes.get(route)?.protocol !== "smtp")
    return { id, done: false, reason: `the policy in force has no SMTP route named ${route}` };
  const { done, reason } = await (command === "bounce"
    ? delivery.bounce(id, text)
    : spool.command(id, command, { text, route }));
  if (done)
    recorder.event({ kind: "queue", id: newId(), at: new Date(now()).toISOString(), messageId: id, command, by });
  return { id, done, reason };
}

async function commandDestination(destinations: QueueContext["destinations"], body: unknown): Promise<ControlAnswer> {
  const request = destinationRequestSchema.safeParse(body);
  if (!request.success) return errorAnswer("bad-request", shapeWords(request.error));
  return { status: 200, body: await destinations.command(request.data) };
}

function setDrain(drain: QueueContext["drain"], body: unknown): ControlAnswer {
  const request = drainRequestSchema.safeParse(body);
  if (!request.success) return errorAnswer("bad-request", shapeWords(request.error));
  drain.set(request.data);
  return { status: 200, body: request.data satisfies DrainRequest };
}
