import { bundleBytesMax, signedBundleSchema } from "#core/contract/bundle.ts";
import {
  type CredentialsAnswer,
  controlPaths,
  credentialsRequestSchema,
  type SigningKeysAnswer,
  signingKeysRequestSchema,
} from "#core/contract/control-api.ts";
import type { WorkerStatus } from "#core/contract/report.ts";
import type { CredentialStore } from "../credentials/credential-store.ts";
import type { SourceBans } from "../net/source-bans.ts";
import type { Governor } from "../policy/governor.ts";
import type { SigningKeyStore } from "../sender-auth/signing-key-store.ts";
import type { SessionServices } from "../services.ts";
import { commandBans } from "./ban-commands.ts";
import { type ConnectionContext, connectionRoutes } from "./connection-routes.ts";
import { type ControlAnswer, errorAnswer, shapeWords } from "./control-answer.ts";
import { type QuarantineContext, quarantineRoutes } from "./quarantine-routes.ts";
import { commandRequestBytesMax, type QueueContext, queueRoutes } from "./queue-routes.ts";
import { simulationRoutes } from "./simulation-routes.ts";

/** JSON may write one octet of the payload as six. */
const bundleRequestBytesMax = 2 * bundleBytesMax;
/** Of credentials, and of signing keys. */
const secretsRequestBytesMax = 8 * 1024 * 1024;

export type ControlRoute = {
  method: "GET" | "PUT" | "POST";
  bodyBytesMax: number;
  answer(body: unknown, query: URLSearchParams): ControlAnswer | Promise<ControlAnswer>;
};

export type ControlContext = QuarantineContext &
  QueueContext &
  Pick<ConnectionContext, "listeners"> & {
    governor: Governor;
    credentials: Pick<CredentialStore, "replace" | "names">;
    signingKeys: Pick<SigningKeyStore, "replace" | "names">;
    services: SessionServices;
    bans: Pick<SourceBans, "ban" | "lift">;
    status(): WorkerStatus;
  };

/** What the control API can do, by path. */
export function controlRoutes(context: ControlContext): ReadonlyMap<string, ControlRoute> {
  const { governor, credentials, signingKeys, bans, status } = context;
  return new Map<string, ControlRoute>([
    [controlPaths.status, { method: "GET", bodyBytesMax: 0, answer: () => ({ status: 200, body: status() }) }],
    [
      controlPaths.bundle,
      { method: "PUT", bodyBytesMax: bundleRequestBytesMax, answer: (body) => pushBundle(governor, body) },
    ],
    [
      controlPaths.banCommands,
      { method: "POST", bodyBytesMax: commandRequestBytesMax, answer: (body) => commandBans(bans, body) },
    ],
    [
      controlPaths.credentials,
      {
        method: "PUT",
        bodyBytesMax: secretsRequestBytesMax,
        answer: (body) => replaceCredentials(credentials, body),
      },
    ],
    [
      controlPaths.signingKeys,
      {
        method: "PUT",
        bodyBytesMax: secretsRequestBytesMax,
        answer: (body) => replaceSigningKeys(signingKeys, body),
      },
    ],
    ...queueRoutes(context),
    ...connectionRoutes(context),
    ...quarantineRoutes(context),
    ...simulationRoutes(context),
  ]);
}

async function pushBundle(governor: Governor, body: unknown): Promise<ControlAnswer> {
  const bundle = signedBundleSchema.safeParse(body);
  if (!bundle.success) return errorAnswer("bad-request", shapeWords(bundle.error));
  const result = await governor.push(bundle.data);
  if (result.ok) return { status: 200, body: result.answer };
  const { code, message, problems } = result.refusal;
  return errorAnswer(code, message, problems);
}

async function replaceCredentials(credentials: ControlContext["credentials"], body: unknown): Promise<ControlAnswer> {
  const request = credentialsRequestSchema.safeParse(body);
  if (!request.success) return errorAnswer("bad-request", shapeWords(request.error));
  await credentials.replace(request.data.credentials);
  return { status: 200, body: { names: credentials.names() } satisfies CredentialsAnswer };
}

async function replaceSigningKeys(keys: ControlContext["signingKeys"], body: unknown): Promise<ControlAnswer> {
  const request = signingKeysRequestSchema.safeParse(body);
  if (!request.success) return errorAnswer("bad-request", shapeWords(request.error));
  await keys.replace(request.data.keys);
  return { status: 200, body: { names: keys.names() } satisfies SigningKeysAnswer };
}
