import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type DemoMailServer, startDemoMailServer } from "#demo/mail-server.ts";
import { Mailboxes } from "#demo/mailboxes.ts";
import { endProcess } from "./end-process.ts";
import { freePort } from "./free-port.ts";
import { waitUntil } from "./wait-until.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const readyWithinMs = 240_000;
/** The launcher gives the worker 35 s to finish what is under way. */
const stopWithinMs = 60_000;

export type ProductOptions = {
  /** What a person adds to worker.yaml, certificates for example. */
  workerConfig?: Readonly<Record<string, unknown>>;
  /** In place of the embedded Postgres. */
  databaseUrl?: string;
  /** What a person puts into .env. */
  environment?: Readonly<Record<string, string>>;
};

export type ProductPorts = {
  console: number;
  control: number;
  externalSmtp: number;
  trustedSmtp: number;
  externalPop3: number;
  trustedPop3: number;
  demoSmtp: number;
  demoPop3: number;
};

/** What `npm start` runs, on ports and a state folder of its own and without demo traffic; its demo mail server is started apart. */
export class RunningProduct {
  readonly ports: ProductPorts;
  readonly consoleUrl: string;
  setupLink = "";
  output = "";
  readonly #stateFolder = mkdtempSync(join(tmpdir(), "postern-product-"));
  readonly #environment: NodeJS.ProcessEnv;
  #launcher: ChildProcess | null = null;
  readonly mailboxes = new Mailboxes();
  #mailServer: DemoMailServer | null = null;

  private constructor(ports: ProductPorts, { databaseUrl, environment: given }: ProductOptions) {
    this.ports = ports;
    this.consoleUrl = `http://127.0.0.1:${ports.console}`;
    const { DATABASE_URL: _, NEXTAUTH_URL: __, ...environment } = process.env;
    this.#environment = {
      ...environment,
      ...given,
      ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
      POSTERN_STATE_DIR: this.#stateFolder,
      POSTERN_CONSOLE_PORT: String(ports.console),
      POSTERN_CONTROL_PORT: String(ports.control),
      POSTERN_EXTERNAL_SMTP_PORT: String(ports.externalSmtp),
      POSTERN_TRUSTED_SMTP_PORT: String(ports.trustedSmtp),
      POSTERN_EXTERNAL_POP3_PORT: String(ports.externalPop3),
      POSTERN_TRUSTED_POP3_PORT: String(ports.trustedPop3),
      POSTERN_DEMO_SMTP_PORT: String(ports.demoSmtp),
      POSTERN_DEMO_POP3_PORT: String(ports.demoPop3),
    };
  }

  static async start(options: ProductOptions = {}): Promise<RunningProduct> {
    const ports = {
      console: await freePort(),
      control: await freePort(),
      externalSmtp: await freePort(),
      trustedSmtp: await freePort(),
      externalPop3: await freePort(),
      trustedPop3: await freePort(),
      demoSmtp: await freePort(),
      demoPop3: await freePort(),
    };
    const product = new RunningProduct(ports, options);
    // JSON is YAML.
    const workerConfig = JSON.stringify(options.workerConfig ?? {});
    writeFileSync(join(product.#stateFolder, "worker.yaml"), workerConfig, { mode: 0o600 });
    try {
      await product.#launch();
    } catch (error) {
      await product.stop();
      throw error;
    }
    return product;
  }

  /** The server behind the proxy; its mailboxes stay over a stop and a start. */
  async startMailServer(): Promise<void> {
    this.#mailServer = await startDemoMailServer({
      smtpPort: this.ports.demoSmtp,
      pop3Port: this.ports.demoPop3,
      mailboxes: this.mailboxes,
    });
  }

  async stopMailServer(): Promise<void> {
    await this.#mailServer?.stop();
    this.#mailServer = null;
  }

  /** Ends all of it and starts it again on the same state. */
  async restart(): Promise<void> {
    await endProcess("npm start", this.#launcher, stopWithinMs);
    this.#launcher = this.#spawn("scripts/start.ts", "--no-demo");
    await waitUntil("the console answers again", () => this.#answers(), readyWithinMs);
  }

  /** kill -9 of the console alone, which the launcher starts again. */
  async killConsole(): Promise<void> {
    const launcher = this.#launcher?.pid ?? 0;
    const children = readFileSync(`/proc/${launcher}/task/${launcher}/children`, "utf8").trim().split(" ").map(Number);
    const pid = children.find((child) =>
      readFileSync(`/proc/${child}/cmdline`, "utf8").match(/next-server|next\/dist/),
    );
    if (pid === undefined) throw new Error("no console runs");
    process.kill(pid, "SIGKILL");
    await waitUntil("the console is gone", async () => !(await this.#answers()));
    await waitUntil("the console answers again", () => this.#answers(), readyWithinMs);
  }

  async #answers(): Promise<boolean> {
    const answer = await fetch(`${this.consoleUrl}/api/health`).catch(() => null);
    return answer?.ok === true;
  }

  async stop(): Promise<void> {
    try {
      await endProcess("npm start", this.#launcher, stopWithinMs);
    } finally {
      await this.stopMailServer();
      rmSync(this.#stateFolder, { recursive: true, force: true });
    }
  }

  async #launch(): Promise<void> {
    const launcher = this.#spawn("scripts/start.ts", "--no-demo");
    this.#launcher = launcher;
    const listen = (chunk: Buffer) => {
      this.output += chunk.toString("utf8");
    };
    launcher.stdout?.on("data", listen);
    launcher.stderr?.on("data", listen);
    const link = /http:\/\/\S+\/setup\?token=\S+/;
    await waitUntil(
      "npm start prints its setup link",
      () => {
        if (launcher.exitCode !== null) throw new Error(`npm start ended:\n${this.output}`);
        return link.test(this.output);
      },
      readyWithinMs,
    );
    this.setupLink = link.exec(this.output)?.[0] ?? "";
  }

  #spawn(...args: string[]): ChildProcess {
    return spawn(process.execPath, args, {
      cwd: repository,
      env: this.#environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }
}
