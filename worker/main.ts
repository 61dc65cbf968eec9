import { mkdirSync } from "node:fs";
import { hostname } from "node:os";
import { parseArgs } from "node:util";
import { type Logger, pino, stdTimeFunctions } from "pino";
import { version } from "#core/contract/version.ts";
import { readConfig, type WorkerConfig } from "./config.ts";
import { CannotBind } from "./net/bind-problem.ts";
import { PolicyFileError } from "./policy/read-policy-file.ts";
import { LogStream } from "./report/log-stream.ts";
import { lockDirectory, StateDirectoryInUse } from "./state/directory-lock.ts";
import { Worker } from "./worker.ts";

const usage = "usage: npm run worker -- --config worker.yaml";
const configExit = 2;
const failureExit = 1;

await main();

async function main(): Promise<void> {
  // Nothing that the worker makes is for other users.
  process.umask(0o077);
  const config = readArguments();
  if (config === null) return;
  const log = pino({ base: null, timestamp: stdTimeFunctions.isoTime }, new LogStream(2));
  process.on("uncaughtException", (error) => {
    log.fatal({ err: error }, "the worker failed; what was accepted is on disk");
    process.exit(failureExit);
  });
  try {
    mkdirSync(config.stateDir, { recursive: true, mode: 0o700 });
    const unlock = lockDirectory(config.stateDir, process.pid, isAlive);
    process.once("exit", unlock);
    const worker = await Worker.start(config, { log, hostName: ehloName(), now: Date.now, random: Math.random });
    stopOnSignals(worker, log);
    log.info({ version, workerId: config.workerId, listeners: worker.listeners }, "ready");
  } catch (error) {
    fail(error, log);
  }
}

function readArguments(): WorkerConfig | null {
  try {
    const { values } = parseArgs({ options: { config: { type: "string" }, help: { type: "boolean" } } });
    if (values.help === true) process.stdout.write(`${usage}\n`);
    else if (values.config === undefined) throw new Error(usage);
    else return readConfig(values.config);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = configExit;
  }
  return null;
}

/** The first signal drains, the second stops at once; a parent that goes away counts as a signal. */
function stopOnSignals(worker: Worker, log: Logger): void {
  let stopping = false;
  const stop = (reason: string): void => {
    if (stopping) {
      log.warn({ reason }, "stopping at once");
      worker.destroy();
      process.exit(0);
    }
    stopping = true;
    log.info({ reason }, "stopping: what is under way finishes");
    worker.stop().then(
      () => {
        log.info("stopped");
        process.exit(0);
      },
      (error: unknown) => fail(error, log),
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.once("disconnect", () => stop("disconnect"));
}

function fail(error: unknown, log: Logger): never {
  const isExpected = [CannotBind, PolicyFileError, StateDirectoryInUse].some((expected) => error instanceof expected);
  if (isExpected && error instanceof Error) process.stderr.write(`${error.message}\n`);
  else log.fatal({ err: error }, "the worker cannot go on");
  process.exit(failureExit);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** RFC 5321 §4.1.1.1: what we call ourselves to upstream servers. */
function ehloName(): string {
  const name = hostname().toLowerCase();
  return /^[0-9a-z]([0-9a-z.-]{0,253}[0-9a-z])?$/.test(name) ? name : "localhost";
}
