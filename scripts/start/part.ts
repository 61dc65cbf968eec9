import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, copyFileSync, openSync, readFileSync, statSync, truncateSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const parentWatch = fileURLToPath(new URL("../parent-watch.mjs", import.meta.url));
const readyTimeoutMs = 60_000;
const backoffStartMs = 1_000;
const backoffMaxMs = 30_000;
/** Up this long, a part counts as healthy again and the next crash waits the short time. */
const healthyAfterMs = 60_000;
const logBytesMax = 16 * 1024 * 1024;
const logCheckMs = 30_000;

export type PartPlan = {
  name: string;
  /** Arguments of Node: the program and its own. */
  args: string[];
  env: NodeJS.ProcessEnv;
  folder: string;
  logFile: string;
  /** Whether it answers. Asked again and again until it does. */
  ready(): Promise<boolean>;
  /** How long after SIGTERM it may take, in milliseconds; then it is killed. */
  stopTimeoutMs: number;
  /** An orderly end (code 0) that we did not ask for: started again, or left so. */
  whenEnded: "restart" | "leave";
};

/** One program that we keep running: its crash is reported and it is started again, later each time. */
export class Part {
  readonly plan: PartPlan;
  readonly #say: (line: string) => void;
  #child: ChildProcess | null = null;
  #ended: Promise<void> = Promise.resolve();
  #stopping = false;
  #backoffMs = backoffStartMs;
  #logTimer: NodeJS.Timeout | null = null;

  constructor(plan: PartPlan, say: (line: string) => void) {
    this.plan = plan;
    this.#say = say;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Starts it and waits until it answers. Throws with the end of its log when it does not. */
  async start(): Promise<void> {
    this.#launch();
    this.#logTimer = setInterval(() => keepLogSmall(this.plan.logFile), logCheckMs).unref();
    const deadline = Date.now() + readyTimeoutMs;
    while (!(await this.plan.ready())) {
      if (this.#child === null || Date.now() > deadline) {
        await this.kill();
        throw new Error(
          `The ${this.plan.name} did not start. The end of ${this.plan.logFile}:\n${logTail(this.plan.logFile)}`,
        );
      }
      await wait(50);
    }
    this.#child?.once("exit", (code, signal) => this.#onCrash(code, signal));
  }

  /** Asks it to end and waits; kills it after its time. May be called twice: the second call asks again. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#logTimer !== null) clearInterval(this.#logTimer);
    this.#child?.kill("SIGTERM");
    const timer = setTimeout(() => this.#child?.kill("SIGKILL"), this.plan.stopTimeoutMs);
    await this.#ended;
    clearTimeout(timer);
  }

  async kill(): Promise<void> {
    this.#stopping = true;
    this.#child?.kill("SIGKILL");
    await this.#ended;
  }

  #launch(): void {
    const log = openSync(this.plan.logFile, "a", 0o600);
    const child = spawn(process.execPath, ["--import", parentWatch, ...this.plan.args], {
      cwd: this.plan.folder,
      env: this.plan.env,
      stdio: ["ignore", log, log, "ipc"],
      // A Ctrl-C of the terminal reaches only the launcher, which ends the parts in order.
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    this.#ended = new Promise((done) => {
      const gone = () => {
        this.#child = null;
        done();
      };
      child.once("exit", gone);
      child.once("error", gone);
    });
  }

  #onCrash(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#stopping) return;
    const how = signal === null ? `code ${code}` : signal;
    if (code === 0 && this.plan.whenEnded === "leave") {
      this.#say(`The ${this.plan.name} was stopped.`);
      return;
    }
    this.#say(
      `The ${this.plan.name} ended (${how}); its log is ${this.plan.logFile}. Starting it again in ${this.#backoffMs / 1000} s.`,
    );
    const waitMs = this.#backoffMs;
    this.#backoffMs = Math.min(this.#backoffMs * 2, backoffMaxMs);
    void this.#restartAfter(waitMs);
  }

  async #restartAfter(waitMs: number): Promise<void> {
    await wait(waitMs);
    if (this.#stopping) return;
    this.#launch();
    const child = this.#child;
    const startedAt = Date.now();
    child?.once("exit", (code, signal) => {
      if (Date.now() - startedAt > healthyAfterMs) this.#backoffMs = backoffStartMs;
      this.#onCrash(code, signal);
    });
    while (this.#child === child && !(await this.plan.ready())) await wait(200);
    if (this.#child === child) this.#say(`The ${this.plan.name} is back.`);
  }
}

/** The log is open for appending, so what was copied can be cut off under the writer. One older file is kept. */
function keepLogSmall(file: string): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= logBytesMax) return;
  copyFileSync(file, `${file}.1`);
  truncateSync(file);
}

function logTail(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-15).join("\n");
}
