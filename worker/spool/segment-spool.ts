import { join } from "node:path";
import type { QueueEntry } from "#core/contract/queue.ts";
import { Acceptance, SingleAcceptance } from "./acceptance.ts";
import { CorruptFolder } from "./corrupt-folder.ts";
import { type DeliveredNote, DeliveredNotes } from "./delivered-notes.ts";
import type { DeliveryQueue } from "./delivery-queue.ts";
import { DirectorySync } from "./directory-sync.ts";
import { realDisk, type SpoolDisk } from "./disk.ts";
import { FreeSpace, spoolFreeBytesMin } from "./free-space.ts";
import { HeldBytes } from "./held-message.ts";
import { LargeFile } from "./large-file.ts";
import { Ledger } from "./ledger.ts";
import { MessageDamaged, type ReaderParts, readMessage } from "./message-reader.ts";
import { migrateOldQueue } from "./old-queue.ts";
import { applyCommand } from "./queue-commands.ts";
import { QueueLog } from "./queue-log.ts";
import type { PassedOver, Progress, QueueRecord } from "./queue-record.ts";
import { type DestinationCount, QueueTable } from "./queue-table.ts";
import { RecentMessages } from "./recent-messages.ts";
import { type Recovered, recoverQueue } from "./recover-queue.ts";
import { SegmentBook } from "./segment-book.ts";
import { SegmentCleaner } from "./segment-cleaner.ts";
import { SegmentFiles } from "./segment-files.ts";
import { SegmentLog, segmentBytesDefault } from "./segment-log.ts";
import type {
  CommandDetails,
  CommandResult,
  RecordCommand,
  Spool,
  SpoolBatch,
  SpoolEnvelope,
  SpoolWriter,
} from "./spool.ts";
import type { SpoolMessage } from "./spool-file.ts";
import { isSpoolId, messageSuffix, openSpoolFolders, type SpoolFolders } from "./spool-folders.ts";

export type SpoolOptions = {
  stateDir: string;
  now(): number;
  /** Something was damaged and is kept aside. */
  damaged(file: string, reason: string): void;
  freeBytesMin?: number;
  disk?: SpoolDisk;
  segmentBytes?: number;
  cleanedBytesPerSecond?: number;
};

type Opened = {
  options: SpoolOptions;
  folders: SpoolFolders;
  corrupt: CorruptFolder;
  ledger: Ledger;
  notes: DeliveredNotes;
};

/** The queue on disk: a log of segments, and a file of its own for each large message. `docs/spool-format.md` tells how it looks. */
export class SegmentSpool implements Spool, DeliveryQueue {
  readonly #ledger: Ledger;
  readonly #corrupt: CorruptFolder;
  readonly #notes: DeliveredNotes;
  readonly #freeSpace: FreeSpace;
  readonly #held = new HeldBytes();
  readonly #log: SegmentLog;
  readonly #queueLog: QueueLog;
  readonly #cleaner: SegmentCleaner;
  readonly #files: SegmentFiles;
  readonly #recent = new RecentMessages();
  readonly #reader: ReaderParts;
  readonly #openLarge: (envelope: SpoolEnvelope) => LargeFile;
  readonly #listeners: ((id: string) => void)[] = [];
  readonly #now: () => number;
  #writers = 0;

  private constructor({ options, folders, corrupt, ledger, notes }: Opened, recovered: Recovered) {
    const { disk = realDisk, now, segmentBytes = segmentBytesDefault } = options;
    const largePath = (id: string): string => join(folders.large, `${id}${messageSuffix}`);
    const largeNames = new DirectorySync(disk, folders.large);
    this.#now = now;
    this.#ledger = ledger;
    this.#corrupt = corrupt;
    this.#notes = notes;
    this.#freeSpace = new FreeSpace(folders.log, now, options.freeBytesMin ?? spoolFreeBytesMin, disk.room);
    this.#openLarge = (envelope) => new LargeFile(disk, largePath(envelope.id), largeNames, envelope);
    this.#log = new SegmentLog({
      disk,
      folder: folders.log,
      segmentBytes,
      ...recovered,
      began: (one) => this.#began(one),
    });
    this.#queueLog = new QueueLog({ disk, log: this.#log, ledger, recent: this.#recent, largePath });
    this.#files = new SegmentFiles(disk, (segment) => join(folders.log, ledger.book.get(segment)?.name ?? ""));
    this.#reader = { disk, files: this.#files, ledger, largePath };
    this.#cleaner = new SegmentCleaner({
      ...{ disk, folder: folders.log, ledger, queueLog: this.#queueLog },
      bytesPerSecond: options.cleanedBytesPerSecond,
      activeNumber: () => this.#log.activeNumber,
      forget: (segment) => this.#files.forget(segment),
      damaged: async (id) => void (await this.load(id)),
    });
    ledger.onDead = () => this.#cleaner.kick();
  }

  /** Reads the queue back from disk. Rejects when that cannot be done: nothing is lost then. */
  static async open(options: SpoolOptions): Promise<SegmentSpool> {
    const { disk = realDisk, stateDir, segmentBytes = segmentBytesDefault } = options;
    const folders = await openSpoolFolders(disk, stateDir);
    const corrupt = await CorruptFolder.open(disk, folders.corrupt, options.damaged);
    const ledger = new Ledger(new QueueTable(), new SegmentBook(segmentBytes));
    const recovered = await recoverQueue({ disk, now: options.now, folders, ledger, corrupt });
    const { notes, before } = await DeliveredNotes.open(disk, folders.root);
    const spool = new SegmentSpool({ options, folders, corrupt, ledger, notes }, recovered);
    await Promise.all([
      ...recovered.held.map((id) => spool.#save(id)),
      ...before.map((note) => spool.#applyNote(note)),
    ]);
    await notes.clear();
    await migrateOldQueue({ disk, folders, corrupt, ledger, queueLog: spool.#queueLog });
    if (ledger.book.wantsWork()) spool.#cleaner.kick();
    return spool;
  }

  begin(envelope: SpoolEnvelope): SpoolWriter {
    return new SingleAcceptance(this.beginBatch([envelope]));
  }

  beginBatch(envelopes: readonly SpoolEnvelope[]): SpoolBatch {
    for (const { id } of envelopes) {
      if (!isSpoolId(id)) throw new Error(`${id} cannot be the id of a queued message`);
    }
    this.#writers++;
    return new Acceptance(envelopes, {
      queueLog: this.#queueLog,
      held: this.#held,
      openLarge: this.#openLarge,
      accepted: (id) => this.#changed(id),
      closed: () => this.#writers--,
    });
  }

  full(): string | null {
    return this.#freeSpace.shortage() ?? this.#log.fault;
  }

  /** Why disk space is not given back at present, or null. */
  get cleaningFault(): string | null {
    return this.#cleaner.fault;
  }

  /** Messages, or groups of them, being written now. */
  get writers(): number {
    return this.#writers;
  }

  /** Files in `corrupt`, from this run and earlier ones. */
  async corruptFiles(): Promise<string[]> {
    return await this.#corrupt.files();
  }

  get size(): number {
    return this.#ledger.table.size;
  }

  ids(): Iterable<string> {
    return this.#ledger.table.ids();
  }

  idsFor(route: string, destination: string): Iterable<string> {
    return this.#ledger.table.idsFor(route, destination);
  }

  entry(id: string): QueueEntry | null {
    return this.#ledger.table.entry(id);
  }

  /** What waits, by destination. */
  counts(): DestinationCount[] {
    return this.#ledger.table.counts(this.#now());
  }

  /** Mail for these routes goes by the recipient's domain: that is its destination. */
  setRoutesByDomain(routes: ReadonlySet<string>): void {
    for (const id of this.#ledger.table.setRoutesByDomain(routes)) this.#changed(id);
  }

  async command(id: string, command: RecordCommand, details: CommandDetails = {}): Promise<CommandResult> {
    const record = this.record(id);
    if (record === null) return { done: false, reason: "it is not in the queue" };
    const { done, reason, effect } = applyCommand(record, command, details);
    if (effect === "remove") await this.#remove(id);
    if (effect === "save") {
      this.#change(record);
      await this.#save(id);
    }
    return { done, reason };
  }

  record(id: string): QueueRecord | null {
    return this.#ledger.table.record(id);
  }

  claim(id: string): QueueRecord | null {
    const record = this.record(id);
    if (record === null || (record.state !== "ready" && record.state !== "deferred")) return null;
    record.state = "delivering";
    record.isUrgent = false;
    this.#change(record);
    return record;
  }

  passOver(id: string, waiting: PassedOver): void {
    const record = this.record(id);
    if (record === null || (record.state !== "ready" && record.state !== "deferred")) return;
    this.#change({ ...record, ...waiting, state: "deferred", unreached: true });
  }

  advance(id: string): void {
    const record = this.record(id);
    if (record?.state !== "deferred") return;
    this.#change({ ...record, state: "ready", nextAttemptAt: null });
  }

  clockJumped(by: number): void {
    for (const id of this.ids()) {
      const record = this.record(id);
      if (record?.state !== "deferred" || record.nextAttemptAt === null) continue;
      this.#change({ ...record, nextAttemptAt: record.nextAttemptAt + by });
    }
  }

  async load(id: string): Promise<SpoolMessage | null> {
    try {
      return this.#recent.take(id) ?? (await readMessage(this.#reader, id));
    } catch (error) {
      if (!(error instanceof MessageDamaged)) throw error;
      const name = `${id}${messageSuffix}`;
      if (error.bytes !== null) await this.#corrupt.keep(`${id}.record`, error.bytes, error.message);
      else await this.#corrupt.take(this.#reader.largePath(id), name, error.message);
      await this.#remove(id);
      return null;
    }
  }

  taken(id: string, positions: ReadonlySet<number>): void {
    const record = this.record(id);
    if (record === null) return;
    const outcomes = Array.from(record.outcomes, (one, at) => (positions.has(at) ? "d" : one)).join("");
    this.#notes.note({ ...record, outcomes });
    this.#ledger.table.change({ ...record, outcomes });
  }

  async settle(id: string, progress: Progress): Promise<void> {
    const record = this.record(id);
    if (record === null) return;
    const { afterAttempt } = record;
    const isNews = tellsMore(progress.outcomes, record.outcomes);
    Object.assign(record, progress, { afterAttempt: null });
    const isOver = !/[pfb]/.test(progress.outcomes);
    if (isOver && isNews) this.#notes.note(record);
    if (isOver || afterAttempt === "delete") return await this.#remove(id);
    if (afterAttempt === "hold" && progress.state !== "failed") {
      record.state = "held";
      record.nextAttemptAt = null;
    }
    if (isNews) this.#notes.note(record);
    this.#change(record);
    await this.#save(id);
  }

  async told(id: string): Promise<void> {
    const record = this.record(id);
    if (record === null) return;
    this.#change({ ...record, outcomes: record.outcomes.replaceAll("f", "b") });
    await this.#save(id);
  }

  onChange(listener: (id: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Resolves when sparse segments are written anew and what nobody needs is deleted. */
  async cleaned(): Promise<void> {
    await this.#queueLog.settled();
    await this.#cleaner.idle();
  }

  /** Resolves when what is under way is on disk. Nothing may be written afterwards. */
  async close(): Promise<void> {
    await this.#cleaner.close();
    await this.#log.close();
    await this.#queueLog.settled();
    this.#files.forgetAll();
    await this.#notes.close();
  }

  /** A server took it in the run before, and the log does not know. */
  async #applyNote({ id, receivedAt, progress }: DeliveredNote): Promise<void> {
    const record = this.record(id);
    if (record?.receivedAt !== receivedAt || !tellsMore(progress.outcomes, record.outcomes)) return;
    if (!/[pfb]/.test(progress.outcomes)) return await this.#remove(id);
    this.#change({ ...record, ...progress });
    await this.#save(id);
  }

  async #save(id: string): Promise<void> {
    const record = this.record(id);
    if (record !== null) await this.#queueLog.save(record);
  }

  async #remove(id: string): Promise<void> {
    const removal = this.#queueLog.remove(id);
    this.#changed(id);
    await removal;
  }

  #change(record: QueueRecord): void {
    this.#ledger.table.change(record);
    this.#changed(record.id);
  }

  #changed(id: string): void {
    for (const listener of this.#listeners) listener(id);
  }

  #began(segment: Parameters<ConstructorParameters<typeof SegmentLog>[0]["began"]>[0]): void {
    this.#ledger.book.began(segment, segment.before, segment.cut);
    this.#cleaner.kick();
  }
}

/** Whether somebody has the message by the first outcomes who has it not by the second. */
function tellsMore(outcomes: string, known: string): boolean {
  return outcomes.length === known.length && Array.from(outcomes).some((one, at) => one === "d" && known[at] !== "d");
}
