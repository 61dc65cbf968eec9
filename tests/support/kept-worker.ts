import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { QuarantineEntry } from "#core/contract/quarantine.ts";
import { ControlServer } from "#worker/control/control-server.ts";
import { quarantineRoutes } from "#worker/control/quarantine-routes.ts";
import { FileQuarantine } from "#worker/quarantine/file-quarantine.ts";
import type { JudgeKept, KeepRequest } from "#worker/quarantine/quarantine.ts";
import { QuarantineCommands } from "#worker/quarantine/quarantine-commands.ts";
import { SegmentSpool } from "#worker/spool/segment-spool.ts";
import { idMaker } from "#worker/state/message-id.ts";
import { EventList } from "./event-list.ts";
import { keep } from "./kept-content.ts";
import { enrol, reported, workerToken } from "./reported.ts";
import { silentLog } from "./worker-parts.ts";

/** The quarantine of a real worker behind its control API, enrolled as "local". */
export class KeptWorker {
  readonly quarantine: FileQuarantine;
  readonly spool: SegmentSpool;
  readonly recorder = new EventList();
  /** What the second look at a message says. */
  judge: JudgeKept = ({ content }, done) => done(null, { goes: true, content });

  readonly #folder: string;
  #server: ControlServer | null = null;

  private constructor(folder: string, quarantine: FileQuarantine, spool: SegmentSpool) {
    this.#folder = folder;
    this.quarantine = quarantine;
    this.spool = spool;
  }

  static async start(): Promise<KeptWorker> {
    const stateDir = mkdtempSync(join(tmpdir(), "postern-test-"));
    const options = { stateDir, now: Date.now, damaged: () => undefined, freeBytesMin: 0 };
    const quarantine = await FileQuarantine.open({ ...options, bytesMax: 1024 ** 3 });
    const spool = await SegmentSpool.open(options);
    const worker = new KeptWorker(stateDir, quarantine, spool);
    const commands = new QuarantineCommands(quarantine, worker.recorder, {
      spool,
      judge: (kept, done) => worker.judge(kept, done),
      hostNameOf: () => "mx.example.test",
      newId: idMaker(Date.now),
      now: Date.now,
    });
    const routes = new Map(quarantineRoutes({ quarantine, commands }));
    const server = new ControlServer({ token: workerToken("local"), routes, log: silentLog });
    const port = await server.listen("127.0.0.1", 0);
    worker.#server = server;
    await enrol("local", `http://127.0.0.1:${port}`);
    return worker;
  }

  async close(): Promise<void> {
    await this.#server?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Keeps something and reports it, as the worker does. */
  async keep(content: string | Uint8Array, change: Partial<KeepRequest> = {}): Promise<QuarantineEntry> {
    const entry = await keep(this.quarantine, content, change);
    await this.report();
    return entry;
  }

  /** Tells the console what is kept now. */
  async report(): Promise<void> {
    const upserts = Array.from(this.quarantine.ids()).flatMap((id) => this.quarantine.entry(id) ?? []);
    await reported({ quarantine: { reset: true, upserts, removals: [] } });
  }
}
