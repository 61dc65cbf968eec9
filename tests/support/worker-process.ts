import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import nodeOptions from "#worker/node-options.json" with { type: "json" };
import { type ControlKey, makeControlKey } from "./control-key.ts";
import { freePort } from "./free-port.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const readyWithinMs = 20_000;
const stopWithinMs = 35_000;

export type WorkerOptions = {
  /** The text of a policy document; absent: the worker waits for a bundle. */
  policy?: string;
  /** Where a console's report API listens. */
  consoleUrl?: string;
  /** Files beside worker.yaml, 0600, and keys of worker.yaml that name them. */
  files?: Readonly<Record<string, string>>;
  configuration?: Readonly<Record<string, unknown>>;
  /** Where one console has several workers. */
  workerId?: string;
  key?: ControlKey;
};

type Exit = { code: number | null; signal: NodeJS.Signals | null };

/**
 * A worker in a process of its own, with a folder of its own, as an operator runs it. `start` may be called again after
 * a stop or a kill: the state stays. Call `remove` at the end.
 */
export class WorkerProcess {
  readonly folder = mkdtempSync(join(tmpdir(), "postern-worker-"));
  readonly stateDir = join(this.folder, "state");
  readonly workerId: string;
  readonly token = "control-token-of-the-test-0123456789abcdef";
  readonly reportToken: string;
  readonly key: ControlKey;
  readonly controlPort: number;
  /** Everything it wrote to stderr, over all starts. */
  stderr = "";
  /** Its own cache of parsed modules, written at an orderly end: a second start takes half the time. */
  readonly #environment = { ...process.env, NODE_COMPILE_CACHE: join(this.folder, "compile-cache") };
  readonly #options: WorkerOptions;
  #child: ChildProcess | null = null;
  #exit: Promise<Exit> = Promise.resolve({ code: null, signal: null });

  private constructor(options: WorkerOptions, controlPort: number) {
    this.#options = options;
    this.workerId = options.workerId ?? "under-test";
    this.reportToken = `report-token-of-${this.workerId}-0123456789abcdef`;
    this.key = options.key ?? makeControlKey();
    this.controlPort = controlPort;
    this.#writeConfiguration();
  }

  static async start(options: WorkerOptions): Promise<WorkerProcess> {
    const worker = new WorkerProcess(options, await freePort());
    await worker.start();
    return worker;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error("the worker is not running");
    return pid;
  }

  get controlUrl(): string {
    return `http://127.0.0.1:${this.controlPort}`;
  }

  /** Starts it and waits for its ready line. Throws with what it said when it ends before. */
  async start(): Promise<void> {
    const from = this.stderr.length;
    const child = this.launch();
    await new Promise<void>((resolve, reject) => {
      const fail = (what: string) => reject(new Error(`${what}:\n${this.stderr.slice(from)}`));
      const timer = setTimeout(() => fail("not ready in time"), readyWithinMs);
      child.stderr?.on("data", () => {
        if (this.stderr.includes('"msg":"ready"', from)) resolve();
      });
      child.once("close", () => fail("ended at start"));
      child.once("exit", () => clearTimeout(timer));
    });
  }

  /** Starts it and does not wait. */
  launch(): ChildProcess {
    const child = spawn(
      process.execPath,
      [...nodeOptions, "worker/main.ts", "--config", join(this.folder, "worker.yaml")],
      {
        cwd: repository,
        stdio: ["ignore", "ignore", "pipe"],
        env: this.#environment,
      },
    );
    this.#child = child;
    this.#exit = new Promise((resolve) => {
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    child.stderr.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString("utf8");
    });
    return child;
  }

  /** SIGTERM, and waits for the end. Gives the exit and how long it took. */
  async stop(): Promise<Exit & { tookMs: number }> {
    const since = performance.now();
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null)
      return { ...(await this.#exit), tookMs: 0 };
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), stopWithinMs);
    const exit = await this.#exit;
    clearTimeout(timer);
    return { ...exit, tookMs: performance.now() - since };
  }

  /** Kill -9, and waits until it is gone. */
  async killNine(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#exit;
  }

  /** Stops it when it runs, and deletes its folder. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #writeConfiguration(): void {
    const write = (name: string, text: string) => writeFileSync(join(this.folder, name), text, { mode: 0o600 });
    write("control-token", `${this.token}\n`);
    write("report-token", `${this.reportToken}\n`);
    write("control-key.pem", this.key.publicKeyPem);
    if (this.#options.policy !== undefined) write("policy.yaml", this.#options.policy);
    for (const [name, text] of Object.entries(this.#options.files ?? {})) write(name, text);
    const configuration = {
      ...this.#options.configuration,
      stateDir: "state",
      workerId: this.workerId,
      ...(this.#options.policy === undefined ? {} : { policyFile: "policy.yaml" }),
      control: { port: this.controlPort, tokenFile: "control-token", publicKeyFile: "control-key.pem" },
      ...(this.#options.consoleUrl === undefined
        ? {}
        : { console: { url: this.#options.consoleUrl, tokenFile: "report-token" } }),
    };
    write("worker.yaml", stringify(configuration));
  }
}
