import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { controlPaths, statusAnswerSchema } from "#core/contract/control-api.ts";
import type { WorkerStatus } from "#core/contract/report.ts";
import nodeOptions from "#worker/node-options.json" with { type: "json" };
import { Part, type PartPlan } from "./part.ts";
import type { Settings } from "./settings.ts";
import type { StateFolder } from "./state-folder.ts";

const askTimeoutMs = 2_000;

export type Parts = { console: Part; worker: Part; mailServer: Part | null; traffic: Part | null };

/** What the console is told: lib/env.ts reads the same names. */
export function consoleEnvironment(settings: Settings, state: StateFolder, databaseUrl: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    DATABASE_URL: databaseUrl,
    NEXTAUTH_URL: settings.consoleUrl,
    POSTERN_TRUSTED_PROXY: settings.trustedProxy,
    POSTERN_FEED_NETWORKS: settings.feedNetworks,
    NEXTAUTH_SECRET: state.nextauthSecret,
    POSTERN_MASTER_KEY_FILE: state.masterKeyFile,
    POSTERN_SIGNING_KEY_FILE: state.signingKeyFile,
  };
}

export function planParts(
  settings: Settings,
  state: StateFolder,
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Parts {
  const { root, ports, demo } = settings;
  const part = (name: string, log: string, plan: Omit<PartPlan, "name" | "folder" | "logFile">): Part =>
    new Part({ name, folder: root, logFile: join(state.logs, log), ...plan }, say);
  const { DATABASE_URL: _databaseUrl, ...withoutDatabase } = process.env;
  const demoEnvironment = {
    ...withoutDatabase,
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
  };
  const next = join(root, "node_modules/next/dist/bin/next");
  return {
    console: part("console", "console.log", {
      args: [next, "start", "-H", "127.0.0.1", "-p", String(ports.POSTERN_CONSOLE_PORT)],
      env: environment,
      ready: () => answersOk(`http://127.0.0.1:${ports.POSTERN_CONSOLE_PORT}/api/health`),
      stopTimeoutMs: 5_000,
      whenEnded: "restart",
    }),
    worker: part("worker", "worker.log", {
      args: [...nodeOptions, join(root, "worker/main.ts"), "--config", state.workerConfigFile],
      env: withoutDatabase,
      ready: async () => (await workerStatus(settings, state)) !== null,
      stopTimeoutMs: 35_000,
      whenEnded: "restart",
    }),
    mailServer: demo
      ? part("demo mail server", "demo-mail-server.log", {
          args: [join(root, "demo/main.ts")],
          env: demoEnvironment,
          ready: () => listens(ports.POSTERN_DEMO_SMTP_PORT),
          stopTimeoutMs: 3_000,
          whenEnded: "leave",
        })
      : null,
    traffic: demo
      ? part("demo traffic", "demo-traffic.log", {
          args: [join(root, "demo/traffic.ts")],
          env: demoEnvironment,
          ready: async () => true,
          stopTimeoutMs: 3_000,
          whenEnded: "restart",
        })
      : null,
  };
}

/** What the worker says of itself, or null while it does not answer. */
export async function workerStatus({ ports }: Settings, state: StateFolder): Promise<WorkerStatus | null> {
  try {
    const answer = await fetch(`http://127.0.0.1:${ports.POSTERN_CONTROL_PORT}${controlPaths.status}`, {
      headers: { authorization: `Bearer ${readFileSync(state.controlTokenFile, "utf8").trim()}` },
      signal: AbortSignal.timeout(askTimeoutMs),
    });
    return answer.ok ? statusAnswerSchema.parse(await answer.json()) : null;
  } catch {
    return null;
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(askTimeoutMs) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => socket.end() && done(true));
    socket.once("error", () => done(false));
  });
}
