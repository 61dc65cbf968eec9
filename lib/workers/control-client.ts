import { z } from "zod";
import type { SignedBundle } from "#core/contract/bundle.ts";
import {
  type BanCommandAnswer,
  type BanCommandRequest,
  type BundleAnswer,
  banCommandAnswerSchema,
  bundleAnswerSchema,
  type ControlError,
  type CredentialsAnswer,
  type CredentialsRequest,
  controlErrorSchema,
  controlPaths,
  credentialsAnswerSchema,
  type DestinationAnswer,
  type DestinationRequest,
  type DrainRequest,
  destinationAnswerSchema,
  drainRequestSchema,
  type QueueCommandAnswer,
  type QueueCommandRequest,
  queueCommandAnswerSchema,
  type SigningKeysAnswer,
  type SigningKeysRequest,
  signingKeysAnswerSchema,
} from "#core/contract/control-api.ts";
import {
  type KillAnswer,
  type KillRequest,
  killAnswerSchema,
  type LiveSessionsAnswer,
  liveSessionsAnswerSchema,
} from "#core/contract/live-session.ts";
import type { Problem } from "#core/contract/policy-document.ts";
import {
  type QuarantineCommandAnswer,
  type QuarantineCommandRequest,
  quarantineCommandAnswerSchema,
} from "#core/contract/quarantine.ts";
import { type SimulationAnswer, type SimulationRequest, simulationAnswerSchema } from "#core/contract/simulation.ts";
import { unseal } from "#lib/secrets.ts";
import { controlTokenPurpose } from "./tokens.ts";

/** Where a worker's control API is, and the sealed token for it. A row of the Worker table is one. */
export type ControlTarget = { id: string; controlUrl: string; controlTokenSealed: string };

/**
 * Why a request to a worker did not do what was asked. The worker's own codes, or: unreachable (no connection), timeout,
 * protocol (the answer is not of the control API), no-token (the console cannot open its token for the worker). `message` may be shown; `problems` are the worker's reasons.
 */
export type ControlFailure = {
  code: ControlError["code"] | "unreachable" | "timeout" | "protocol" | "no-token";
  message: string;
  problems: Problem[];
};
export type ControlResult<T> = { ok: true; value: T } | { ok: false; failure: ControlFailure };

const bundleTimeoutMs = 30_000;
const commandTimeoutMs = 15_000;
/** A page waits for it. */
const liveTimeoutMs = 3_000;
const releaseTimeoutMs = 120_000;
const contentTimeoutMs = 120_000;
const simulationTimeoutMs = 60_000;
const answerBytesMax = 16 * 1024 * 1024;

/** Gives a worker a signed bundle. Never rejects. */
export function pushBundle(worker: ControlTarget, signed: SignedBundle): Promise<ControlResult<BundleAnswer>> {
  const request = { method: "PUT", path: controlPaths.bundle, body: signed, timeoutMs: bundleTimeoutMs };
  return ask(worker, request, bundleAnswerSchema);
}

/** Gives a worker all credentials, in place of those that it had. Never rejects. */
export function pushCredentials(
  worker: ControlTarget,
  credentials: CredentialsRequest,
): Promise<ControlResult<CredentialsAnswer>> {
  const request = { method: "PUT", path: controlPaths.credentials, body: credentials, timeoutMs: commandTimeoutMs };
  return ask(worker, request, credentialsAnswerSchema);
}

/** Gives a worker all signing keys, in place of those that it had. Never rejects. */
export function pushSigningKeys(
  worker: ControlTarget,
  keys: SigningKeysRequest,
): Promise<ControlResult<SigningKeysAnswer>> {
  const request = { method: "PUT", path: controlPaths.signingKeys, body: keys, timeoutMs: commandTimeoutMs };
  return ask(worker, request, signingKeysAnswerSchema);
}

/** Gives a worker a command for messages in its queue. Never rejects; each id has its own result. */
export function sendQueueCommand(
  worker: ControlTarget,
  command: QueueCommandRequest,
): Promise<ControlResult<QueueCommandAnswer>> {
  const request = { method: "POST", path: controlPaths.queueCommands, body: command, timeoutMs: commandTimeoutMs };
  return ask(worker, request, queueCommandAnswerSchema);
}

/** Gives a worker a command for one destination of its queue. Never rejects. */
export function sendDestinationCommand(
  worker: ControlTarget,
  command: DestinationRequest,
): Promise<ControlResult<DestinationAnswer>> {
  const path = controlPaths.queueDestinations;
  return ask(worker, { method: "POST", path, body: command, timeoutMs: commandTimeoutMs }, destinationAnswerSchema);
}

/** Drains a worker, or lets it work again. Never rejects. */
export function sendDrain(worker: ControlTarget, request: DrainRequest): Promise<ControlResult<DrainRequest>> {
  return ask(
    worker,
    { method: "PUT", path: controlPaths.drain, body: request, timeoutMs: commandTimeoutMs },
    drainRequestSchema,
  );
}

/** Asks a worker to refuse addresses, or to take them again. Never rejects. */
export function sendBanCommand(
  worker: ControlTarget,
  command: BanCommandRequest,
): Promise<ControlResult<BanCommandAnswer>> {
  const request = { method: "POST", path: controlPaths.banCommands, body: command, timeoutMs: commandTimeoutMs };
  return ask(worker, request, banCommandAnswerSchema);
}

/** Asks a worker which sessions run now. Never rejects. */
export function readLiveSessions(worker: ControlTarget): Promise<ControlResult<LiveSessionsAnswer>> {
  const request = { method: "GET", path: controlPaths.connections, timeoutMs: liveTimeoutMs };
  return ask(worker, request, liveSessionsAnswerSchema);
}

/** Asks a worker to end sessions. Never rejects; each id has its own result. */
export function killWorkerSessions(worker: ControlTarget, command: KillRequest): Promise<ControlResult<KillAnswer>> {
  const request = {
    method: "POST",
    path: controlPaths.connectionCommands,
    body: command,
    timeoutMs: commandTimeoutMs,
  };
  return ask(worker, request, killAnswerSchema);
}

/** Gives a worker a command for what it keeps in quarantine. Never rejects; each id has its own result. */
export function sendQuarantineCommand(
  worker: ControlTarget,
  command: QuarantineCommandRequest,
): Promise<ControlResult<QuarantineCommandAnswer>> {
  // A release looks into the message again before it is answered.
  const timeoutMs = command.command === "release" ? releaseTimeoutMs : commandTimeoutMs;
  const request = { method: "POST", path: controlPaths.quarantineCommands, body: command, timeoutMs };
  return ask(worker, request, quarantineCommandAnswerSchema);
}

/** Has a worker try a message, which has no effect there. Never rejects. */
export function sendSimulation(
  worker: ControlTarget,
  body: SimulationRequest,
): Promise<ControlResult<SimulationAnswer>> {
  const request = { method: "POST", path: controlPaths.simulations, body, timeoutMs: simulationTimeoutMs };
  return ask(worker, request, simulationAnswerSchema);
}

type Content = { bytes: number; stream: ReadableStream<Uint8Array> };

/** What a worker keeps, as a stream of `bytes`, which fails when it ends early or takes too long. Never rejects. */
export function openQuarantineContent(worker: ControlTarget, id: string): Promise<ControlResult<Content>> {
  return openContent(worker, controlPaths.quarantineContent, id);
}

/** The beginning of a message in a worker's queue, as it is queued: at most `queueMessageBytesMax`. Otherwise as `openQuarantineContent`. */
export function openQueuedMessage(worker: ControlTarget, id: string): Promise<ControlResult<Content>> {
  return openContent(worker, controlPaths.queueMessage, id);
}

async function openContent(worker: ControlTarget, path: string, id: string): Promise<ControlResult<Content>> {
  const token = openToken(worker);
  if (token === null) return { ok: false, failure: noToken };
  const url = new URL(path, worker.controlUrl);
  url.searchParams.set("id", id);
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      redirect: "error",
      cache: "no-store",
      signal: AbortSignal.timeout(contentTimeoutMs),
    });
    const bytes = Number(response.headers.get("content-length"));
    if (response.status === 200 && response.body !== null) return { ok: true, value: { bytes, stream: response.body } };
    return readAnswer(response.status, await readJson(response), z.never());
  } catch (error) {
    return { ok: false, failure: transportFailure(error, worker.controlUrl, contentTimeoutMs) };
  }
}

/** `body` absent: none is sent. */
type ControlRequest = { method: string; path: string; body?: unknown; timeoutMs: number };

async function ask<T>(worker: ControlTarget, request: ControlRequest, schema: z.ZodType<T>): Promise<ControlResult<T>> {
  const token = openToken(worker);
  if (token === null) return { ok: false, failure: noToken };
  try {
    const response = await fetch(new URL(request.path, worker.controlUrl), {
      method: request.method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      redirect: "error",
      cache: "no-store",
      signal: AbortSignal.timeout(request.timeoutMs),
    });
    return readAnswer(response.status, await readJson(response), schema);
  } catch (error) {
    return { ok: false, failure: transportFailure(error, worker.controlUrl, request.timeoutMs) };
  }
}

const noToken: ControlFailure = {
  code: "no-token",
  message:
    "The console cannot open its token for this worker: the master key is missing or another one. Put POSTERN_MASTER_KEY_FILE back, or restart `npm start` to enrol the worker again.",
  problems: [],
};

function openToken(worker: ControlTarget): string | null {
  try {
    return unseal(worker.controlTokenSealed, controlTokenPurpose(worker.id));
  } catch (error) {
    console.error(`the control token of worker ${worker.id} cannot be opened`, error);
    return null;
  }
}

function readAnswer<T>(status: number, body: unknown, schema: z.ZodType<T>): ControlResult<T> {
  if (status === 200) {
    const answer = schema.safeParse(body);
    if (answer.success) return { ok: true, value: answer.data };
  }
  const refusal = controlErrorSchema.safeParse(body);
  if (status !== 200 && refusal.success) return { ok: false, failure: refusal.data.error };
  const message = `The worker answered with HTTP ${status} and something that is not the control API of this version.`;
  return { ok: false, failure: { code: "protocol", message, problems: [] } };
}

async function readJson(response: Response): Promise<unknown> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > answerBytesMax) throw new SyntaxError("The worker's answer is too long.");
  }
  return JSON.parse(text + decoder.decode());
}

function transportFailure(error: unknown, controlUrl: string, timeoutMs: number): ControlFailure {
  if (error instanceof SyntaxError) {
    return { code: "protocol", message: "The worker's answer cannot be read as JSON.", problems: [] };
  }
  if (error instanceof DOMException && error.name === "TimeoutError") {
    // A request that is late is not a request that was not heard.
    const message = `The worker did not answer within ${timeoutMs / 1000} s. It may still do it: look again once it is heard.`;
    return { code: "timeout", message, problems: [] };
  }
  if (error instanceof TypeError) {
    const reason = error.cause instanceof Error ? `: ${error.cause.message}` : "";
    return { code: "unreachable", message: `The worker cannot be reached at ${controlUrl}${reason}.`, problems: [] };
  }
  throw error;
}
