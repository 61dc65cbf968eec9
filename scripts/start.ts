import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { migrate } from "#scripts/database/migrate.ts";
import { buildConsole, isBuilt, sourceDigest } from "#scripts/start/console-build.ts";
import { type Database, openDatabase } from "#scripts/start/database.ts";
import { demoPolicy } from "#scripts/start/demo-policy.ts";
import { lockStateFolder } from "#scripts/start/launcher-lock.ts";
import { consoleEnvironment, type Parts, planParts, workerStatus } from "#scripts/start/parts.ts";
import { checkPorts } from "#scripts/start/ports.ts";
import { type Prepared, type PrepareOrder, preparedSchema } from "#scripts/start/prepared.ts";
import { startReport } from "#scripts/start/report-start.ts";
import { readSettings, type Settings } from "#scripts/start/settings.ts";
import { prepareStateFolder, type StateFolder, workerId } from "#scripts/start/state-folder.ts";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const policyWaitMs = 15_000;

let database: Database | null = null;
let parts: Parts | null = null;
let stopRequests = 0;

const stopping = (): boolean => stopRequests > 0;
const say = (line: string): void => console.log(`postern: ${line}`);

async function step<T>(name: string, work: () => Promise<T>, detail: (result: T) => string = () => ""): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  say(
    `${name.padEnd(18)} ${((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)} s  ${detail(result)}`.trimEnd(),
  );
  return result;
}

async function start(): Promise<void> {
  const settings = readSettings(root, process.env, process.argv.slice(2));
  const state = prepareStateFolder(settings);
  lockStateFolder(settings.stateFolder);
  await checkPorts(settings, say);
  const digest = sourceDigest(root);
  if (!isBuilt(root, digest)) {
    say("building the console (about a minute, only when its sources changed) …");
    await step("console built", () => buildConsole(root, digest, join(state.logs, "build.log")));
  }
  const opened = await step(
    "database",
    () => openDatabase(settings.databaseUrl, state.postgres, say),
    (d) => d.description,
  );
  database = opened;
  await step(
    "migrations",
    () => migrate(opened.url),
    (names) => (names.length === 0 ? "none to apply" : names.join(", ")),
  );
  const environment = consoleEnvironment(settings, state, opened.url);
  const all = planParts(settings, state, environment, say);
  parts = all;
  const [prepared] = await Promise.all([
    step("policy and worker", () => prepare(settings, state, environment), describePrepared).then(async (done) => {
      await step("worker", () => all.worker.start());
      return done;
    }),
    step("console", () => all.console.start()),
    all.mailServer === null ? null : step("demo mail server", () => all.mailServer?.start() ?? Promise.resolve()),
  ]);
  const status = await step(
    "policy in force",
    () => policyInForce(settings, state),
    (s) => `revision ${s?.revision ?? "unknown"}`,
  );
  await all.traffic?.start();
  console.log(startReport(settings, status, all.mailServer, prepared.setupLink));
}

async function prepare(settings: Settings, state: StateFolder, environment: NodeJS.ProcessEnv): Promise<Prepared> {
  const order: PrepareOrder = {
    workerId,
    controlUrl: `http://127.0.0.1:${settings.ports.POSTERN_CONTROL_PORT}`,
    controlTokenFile: state.controlTokenFile,
    reportTokenFile: state.reportTokenFile,
    consoleUrl: settings.consoleUrl,
    policy: demoPolicy(settings),
  };
  const child = spawn(process.execPath, [join(root, "scripts/start/prepare-console.ts")], {
    cwd: root,
    env: environment,
  });
  child.stdin.end(JSON.stringify(order));
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((done) => child.once("close", done)),
  ]);
  if (code !== 0) throw new Error(`The console could not be prepared:\n${err.trimEnd()}`);
  return preparedSchema.parse(JSON.parse(out));
}

function describePrepared({ firstRevision }: Prepared): string {
  return firstRevision === null ? "" : `the demo policy is revision ${firstRevision}`;
}

/** The console hands the worker its policy when the worker first reports; a moment later the listeners are open. */
async function policyInForce(settings: Settings, state: StateFolder) {
  const deadline = Date.now() + policyWaitMs;
  let status = await workerStatus(settings, state);
  while (!stopping() && (status?.revision ?? 0) === 0 && Date.now() < deadline) {
    await wait(100);
    status = await workerStatus(settings, state);
  }
  return status;
}

/** The worker first, while the others still answer it; then the console; Postgres last. */
async function stop(): Promise<void> {
  await parts?.traffic?.stop();
  await parts?.worker.stop();
  await Promise.all([parts?.console.stop(), parts?.mailServer?.stop()]);
  await database?.stop();
}

async function stopNow(): Promise<void> {
  await Promise.all([parts?.traffic?.kill(), parts?.worker.kill(), parts?.console.kill(), parts?.mailServer?.kill()]);
  await database?.stop();
}

async function onStopSignal(): Promise<void> {
  stopRequests += 1;
  if (stopRequests === 1) {
    say("stopping: the worker finishes what is under way (again: at once) …");
    await stop();
    say("stopped.");
    process.exit(0);
  } else if (stopRequests === 2) {
    say("stopping at once; accepted mail is on disk.");
    await stopNow();
    process.exit(1);
  }
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void onStopSignal());
try {
  await start();
} catch (error) {
  if (stopRequests === 0) {
    console.error(`postern: ${error instanceof Error ? error.message : error}`);
    await stopNow();
    process.exit(1);
  }
}
