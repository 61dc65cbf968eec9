import type { SignedBundle } from "#core/contract/bundle.ts";
import {
  controlPaths,
  type QueueCommandAnswer,
  type QueueCommandRequest,
  queueCommandAnswerSchema,
  queuePageSchema,
  statusAnswerSchema,
} from "#core/contract/control-api.ts";
import type { QueueCommand, QueueEntry } from "#core/contract/queue.ts";
import type { WorkerStatus } from "#core/contract/report.ts";

export type ControlTarget = { controlUrl: string; token: string };

/** A request to the control API with its bearer token; `body` goes as JSON. */
export function askControl(target: ControlTarget, method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${target.controlUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${target.token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

export async function readStatus(target: ControlTarget): Promise<WorkerStatus> {
  return statusAnswerSchema.parse(await (await askControl(target, "GET", controlPaths.status)).json());
}

/** The whole queue, page by page. */
export async function readQueue(target: ControlTarget): Promise<QueueEntry[]> {
  const entries: QueueEntry[] = [];
  let after: string | null = "";
  while (after !== null) {
    const query: string = after === "" ? "?limit=500" : `?limit=500&after=${encodeURIComponent(after)}`;
    const page = queuePageSchema.parse(await (await askControl(target, "GET", controlPaths.queue + query)).json());
    entries.push(...page.entries);
    after = page.next;
  }
  return entries;
}

export async function commandQueue(
  target: ControlTarget,
  command: QueueCommand,
  ids: string[],
  details: Partial<Pick<QueueCommandRequest, "text" | "route">> = {},
): Promise<QueueCommandAnswer["results"]> {
  const order = { command, ids, by: "tester", ...details };
  const answer = await askControl(target, "POST", controlPaths.queueCommands, order);
  return queueCommandAnswerSchema.parse(await answer.json()).results;
}

export function putBundle(target: ControlTarget, bundle: SignedBundle): Promise<Response> {
  return askControl(target, "PUT", controlPaths.bundle, bundle);
}
