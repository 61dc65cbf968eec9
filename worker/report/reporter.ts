import type { Logger } from "pino";
import type { QuarantineEntry } from "#core/contract/quarantine.ts";
import type { QueueEntry } from "#core/contract/queue.ts";
import {
  type Report,
  reportBytesMax,
  reportQuarantineChangesMax,
  reportQueueChangesMax,
  type WorkerStatus,
} from "#core/contract/report.ts";
import { type ChangeLimits, EntryChanges, type EntrySource, noChanges } from "./entry-changes.ts";
import type { Faults } from "./faults.ts";
import type { ReportBuffer } from "./report-buffer.ts";
import type { ReportClient } from "./report-client.ts";
import type { Batch, ReportRecorder } from "./report-recorder.ts";

const tickMs = 400;
const heartbeatMs = 2_000;
const backoffMaxMs = 5_000;
/** How the contract's cap is shared out; the rest is for the status. */
const batchBytesMax = (reportBytesMax / 16) * 6;
const queueLimits = { countMax: reportQueueChangesMax, bytesMax: (reportBytesMax / 16) * 4 };
const quarantineLimits = { countMax: reportQuarantineChangesMax, bytesMax: (reportBytesMax / 16) * 3 };

type Observed<Entry> = EntrySource<Entry> & { onChange(listener: (id: string) => void): void };
type Told = Pick<Report, "queue" | "quarantine">;

export type ReporterOptions = {
  workerId: string;
  recorder: ReportRecorder;
  buffer: ReportBuffer;
  queue: Observed<QueueEntry>;
  quarantine: Observed<QuarantineEntry>;
  client: ReportClient;
  faults: Faults;
  log: Logger;
  status(): WorkerStatus;
  now(): number;
};

const emptyBatch: Batch = { events: [], counters: [], eventsDropped: 0 };

/** Tells the console what happens: first to disk, then over the wire, in order, until each report is answered. */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #queue: EntryChanges<QueueEntry>;
  readonly #quarantine: EntryChanges<QuarantineEntry>;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #sentAt = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #quietUntil = 0;
  /** The stored batch that was sent at least once: the console may have applied it. */
  #sentSequence = 0;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#queue = changesOf(options.queue, queueLimits);
    this.#quarantine = changesOf(options.quarantine, quarantineLimits);
  }

  start(): void {
    this.#running = this.#turn();
  }

  /** Stores what is left and makes one last try to send it, within `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const cut = setTimeout(() => this.#stop.abort(), graceMs);
    try {
      await this.#running;
      await this.#storeBatches();
      this.#quietUntil = 0;
      this.#sentAt = Number.NEGATIVE_INFINITY;
      if (!this.#stop.signal.aborted) await this.#sendAll();
    } finally {
      clearTimeout(cut);
      this.#stop.abort();
    }
  }

  async #turn(): Promise<void> {
    try {
      await this.#storeBatches();
      if (this.#options.now() >= this.#quietUntil) await this.#sendAll();
    } catch (error) {
      this.#options.log.error({ err: error }, "reports cannot be kept");
    }
    if (this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#turn();
    }, tickMs);
  }

  async #storeBatches(): Promise<void> {
    const { recorder, buffer } = this.#options;
    for (let taken = recorder.take(batchBytesMax); taken !== null; taken = recorder.take(batchBytesMax)) {
      const { batch } = taken;
      const dropped = await buffer.add(taken.json).catch((error: unknown) => {
        this.#noteDropped([batch]);
        throw error;
      });
      if (dropped.length > 0) return this.#noteDropped(dropped);
    }
  }

  /** Events that gave way are gone but counted; their counters go on. */
  #noteDropped(dropped: readonly Batch[]): void {
    const { recorder } = this.#options;
    for (const { events, counters, eventsDropped } of dropped) {
      recorder.addDropped(events.length + eventsDropped);
      for (const { ruleId, enforced, observed } of counters) recorder.addCounter(ruleId, enforced, observed);
    }
  }

  async #sendAll(): Promise<void> {
    const { buffer, now } = this.#options;
    for (let oldest = buffer.oldest; oldest !== null; oldest = buffer.oldest) {
      if (!(await this.#sendStored(oldest.sequence))) return;
    }
    const heartbeatDue = now() - this.#sentAt >= heartbeatMs;
    if (!heartbeatDue && !this.#queue.pending && !this.#quarantine.pending) return;
    do {
      if (!(await this.#sendFresh())) return;
    } while ((this.#queue.hasBacklog || this.#quarantine.hasBacklog) && !this.#stop.signal.aborted);
  }

  async #sendStored(sequence: number): Promise<boolean> {
    const { buffer } = this.#options;
    const batch = await buffer.read(sequence);
    if (batch === null) {
      await buffer.remove(sequence);
      return true;
    }
    // A report that was sent before may have been applied: what is new in its repeat would be lost.
    const repeated = sequence <= this.#sentSequence;
    this.#sentSequence = Math.max(this.#sentSequence, sequence);
    const outcome = await this.#post(sequence, batch, repeated ? nothingTold : this.#takeChanges());
    if (outcome === "refused") this.#options.recorder.addDropped(batch.events.length);
    if (outcome === "failed") return false;
    if (outcome !== "renumbered") await buffer.remove(sequence);
    return true;
  }

  async #sendFresh(): Promise<boolean> {
    const sequence = await this.#options.buffer.nextSequence();
    this.#sentSequence = Math.max(this.#sentSequence, sequence);
    const outcome = await this.#post(sequence, emptyBatch, this.#takeChanges());
    return outcome === "accepted" || outcome === "renumbered";
  }

  async #post(sequence: number, batch: Batch, told: Told): Promise<"accepted" | "refused" | "failed" | "renumbered"> {
    const { workerId, client, buffer, faults, log, status, now } = this.#options;
    const at = new Date(now()).toISOString();
    const report: Report = {
      workerId,
      sequence,
      at,
      status: status(),
      ...batch,
      ...told,
    };
    const outcome = await client.send(report, this.#stop.signal);
    if (outcome.kind === "accepted") {
      this.#recovered();
      if (outcome.acceptedSequence <= sequence) return "accepted";
      // Our state was lost and began again: the console took this one for a repeat.
      await buffer.continueAfter(outcome.acceptedSequence);
      this.#resetChanges();
      return "renumbered";
    }
    this.#resetChanges();
    if (outcome.kind === "refused") {
      faults.set("report-refused", `${outcome.reason}: update the older of worker and console`);
      log.error({ sequence, reason: outcome.reason }, "report refused");
      this.#backOff(outcome.reason);
      return "refused";
    }
    this.#backOff(outcome.reason);
    return "failed";
  }

  #takeChanges(): Told {
    return { queue: this.#queue.take(), quarantine: this.#quarantine.take() };
  }

  #resetChanges(): void {
    this.#queue.reset();
    this.#quarantine.reset();
  }

  #recovered(): void {
    const { log, now } = this.#options;
    if (this.#failures > 0) log.info("the console answers again");
    this.#failures = 0;
    this.#sentAt = now();
  }

  #backOff(reason: string): void {
    const { log, now } = this.#options;
    if (this.#failures === 0) log.warn({ reason }, "the console does not take reports; they are kept on disk");
    this.#failures++;
    this.#quietUntil = now() + Math.min(backoffMaxMs, tickMs * 2 ** Math.min(this.#failures, 10));
  }
}

const nothingTold: Told = { queue: noChanges(), quarantine: noChanges() };

function changesOf<Entry>(observed: Observed<Entry>, limits: ChangeLimits): EntryChanges<Entry> {
  const changes = new EntryChanges(observed, limits);
  observed.onChange((id) => changes.note(id));
  return changes;
}
