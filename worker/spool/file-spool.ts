import { readdirSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { QueueCommand, QueueEntry } from "#core/contract/queue.ts";
import { removeFile } from "../state/atomic-file.ts";
import type { DeliveryQueue } from "./delivery-queue.ts";
import { DirectorySync } from "./directory-sync.ts";
import { FreeSpace, spoolFreeBytesMin } from "./free-space.ts";
import { ProgressFiles } from "./progress-files.ts";
import { applyCommand } from "./queue-commands.ts";
import { newProgress, newRecord, type Progress, type QueueRecord, toEntry } from "./queue-record.ts";
import { recoverQueue } from "./recover.ts";
import type { CommandResult, Spool, SpoolBatch, SpoolEnvelope, SpoolWriter } from "./spool.ts";
import { type Committed, FileSpoolBatch } from "./spool-batch.ts";
import { loadSpoolMessage, type SpoolMessage } from "./spool-file.ts";
import { isSpoolId, messageSuffix, openSpoolFolders, type SpoolFolders } from "./spool-folders.ts";
import { SpoolFileDamaged } from "./spool-format.ts";
import { FileSpoolWriter } from "./spool-writer.ts";

export type FileSpoolOptions = {
  stateDir: string;
  now(): number;
  /** A file was damaged and set aside. */
  damaged(file: string, reason: string): void;
  freeBytesMin?: number;
};

/** The queue as a file per message. */
export class FileSpool implements Spool, DeliveryQueue {
  readonly #options: FileSpoolOptions;
  readonly #folders: SpoolFolders;
  readonly #messages: DirectorySync;
  readonly #progress: ProgressFiles;
  readonly #freeSpace: FreeSpace;
  /** By id; oldest first, since ids sort by time. */
  readonly #records = new Map<string, QueueRecord>();
  readonly #listeners: ((id: string) => void)[] = [];
  readonly #removing = new Set<Promise<void>>();
  #writers = 0;

  private constructor(options: FileSpoolOptions) {
    this.#options = options;
    this.#folders = openSpoolFolders(options.stateDir);
    this.#messages = new DirectorySync(this.#folders.messages);
    this.#progress = new ProgressFiles(this.#folders.progress, new DirectorySync(this.#folders.progress));
    this.#freeSpace = new FreeSpace(this.#folders.messages, options.now, options.freeBytesMin ?? spoolFreeBytesMin);
  }

  /** Reads the queue back from disk. */
  static async open(options: FileSpoolOptions): Promise<FileSpool> {
    const spool = new FileSpool(options);
    const { records, setAside } = await recoverQueue(spool.#folders, spool.#progress);
    for (const record of records) spool.#records.set(record.id, record);
    for (const { file, reason } of setAside) options.damaged(file, reason);
    return spool;
  }

  begin(envelope: SpoolEnvelope): SpoolWriter {
    return this.#begin(envelope, (subject, bytes) =>
      this.#publish({ envelope, subject, bytes, progress: newProgress(envelope.recipients.length) }),
    );
  }

  beginBatch(envelopes: readonly SpoolEnvelope[]): SpoolBatch {
    return new FileSpoolBatch(envelopes, {
      begin: (envelope, committed) => this.#begin(envelope, committed),
      saveProgress: (id, progress) => this.#progress.save(id, progress),
      publish: (committed) => this.#publish(committed),
      withdraw: (id) => this.#remove(id),
    });
  }

  #begin(envelope: SpoolEnvelope, committed: (subject: string | null, bytes: number) => void): FileSpoolWriter {
    const { id } = envelope;
    if (!isSpoolId(id)) throw new Error(`${id} cannot be the id of a queued message`);
    this.#writers++;
    return new FileSpoolWriter(envelope, {
      temporaryPath: join(this.#folders.incoming, id),
      path: this.#messagePath(id),
      directory: this.#messages,
      committed,
      closed: () => this.#writers--,
    });
  }

  #publish({ envelope, subject, bytes, progress }: Committed): void {
    this.#records.set(envelope.id, newRecord(envelope, subject, bytes, progress));
    this.#changed(envelope.id);
  }

  full(): string | null {
    return this.#freeSpace.shortage();
  }

  /** Messages being written now. */
  get writers(): number {
    return this.#writers;
  }

  /** Files in `corrupt`, from this run and earlier ones. */
  corruptFiles(): string[] {
    return readdirSync(this.#folders.corrupt).map((name) => join(this.#folders.corrupt, name));
  }

  ids(): Iterable<string> {
    return this.#records.keys();
  }

  entry(id: string): QueueEntry | null {
    const record = this.#records.get(id);
    return record === undefined ? null : toEntry(record);
  }

  async command(id: string, command: QueueCommand, text?: string): Promise<CommandResult> {
    const record = this.#records.get(id);
    if (record === undefined) return { done: false, reason: "it is not in the queue" };
    const { done, reason, effect } = applyCommand(record, command, text);
    if (effect === "remove") {
      await this.#remove(id);
      await new Promise<void>((resolve, reject) =>
        this.#messages.request((error) => (error ? reject(error) : resolve())),
      );
    }
    if (effect === "save") {
      this.#changed(id);
      await this.#progress.save(id, durableProgress(record));
    }
    return { done, reason };
  }

  records(): Iterable<Readonly<QueueRecord>> {
    return this.#records.values();
  }

  record(id: string): Readonly<QueueRecord> | null {
    return this.#records.get(id) ?? null;
  }

  claim(id: string): Readonly<QueueRecord> | null {
    const record = this.#records.get(id);
    if (record === undefined || (record.state !== "ready" && record.state !== "deferred")) return null;
    record.state = "delivering";
    this.#changed(id);
    return record;
  }

  advance(id: string): void {
    const record = this.#records.get(id);
    if (record?.state !== "deferred") return;
    record.state = "ready";
    record.nextAttemptAt = null;
    this.#changed(id);
  }

  async load(id: string): Promise<SpoolMessage | null> {
    const path = this.#messagePath(id);
    try {
      return await loadSpoolMessage(path);
    } catch (error) {
      if (!(error instanceof SpoolFileDamaged)) throw error;
      await rename(path, join(this.#folders.corrupt, `${id}${messageSuffix}`));
      this.#forget(id);
      this.#options.damaged(`${id}${messageSuffix}`, error.message);
      return null;
    }
  }

  async settle(id: string, progress: Progress): Promise<void> {
    const record = this.#records.get(id);
    if (record === undefined) return;
    const { afterAttempt } = record;
    record.afterAttempt = null;
    Object.assign(record, progress);
    if (afterAttempt === "delete" || !/[pfb]/.test(progress.outcomes)) return this.#remove(id);
    if (afterAttempt === "hold" && progress.state !== "failed") {
      record.state = "held";
      record.nextAttemptAt = null;
    }
    this.#changed(id);
    await this.#progress.save(id, durableProgress(record));
  }

  async told(id: string): Promise<void> {
    const record = this.#records.get(id);
    if (record === undefined) return;
    record.outcomes = record.outcomes.replaceAll("f", "b");
    this.#changed(id);
    await this.#progress.save(id, durableProgress(record));
  }

  onChange(listener: (id: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Resolves when removals under way are done. */
  async close(): Promise<void> {
    await Promise.all(this.#removing);
  }

  /** The message first: what remains of it is then worthless. */
  #remove(id: string): Promise<void> {
    this.#forget(id);
    const removal = removeFile(this.#messagePath(id))
      .then(() => this.#progress.remove(id))
      .finally(() => this.#removing.delete(removal));
    this.#removing.add(removal);
    return removal;
  }

  #forget(id: string): void {
    if (this.#records.delete(id)) this.#changed(id);
  }

  #changed(id: string): void {
    for (const listener of this.#listeners) listener(id);
  }

  #messagePath(id: string): string {
    return join(this.#folders.messages, `${id}${messageSuffix}`);
  }
}

/** What to find after a crash: an attempt under way counts for nothing, a person's hold counts at once, and so that nothing is tried after it, does a delete. */
function durableProgress(record: QueueRecord): Progress {
  const { outcomes, attempts, lastReply, lastAttemptAt, nextAttemptAt, unreached, notices } = record;
  const resting = record.state === "delivering" ? "deferred" : record.state;
  const state = record.afterAttempt === null ? resting : "held";
  return { state, outcomes, attempts, lastReply, lastAttemptAt, nextAttemptAt, unreached, notices };
}
