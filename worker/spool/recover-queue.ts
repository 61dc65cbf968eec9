import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { CorruptFolder } from "./corrupt-folder.ts";
import type { SpoolDisk } from "./disk.ts";
import type { Ledger } from "./ledger.ts";
import type { Place } from "./log-unit.ts";
import type { Progress } from "./queue-record.ts";
import { readEndedSegment, readLastSegment } from "./read-segment.ts";
import { parseMessageHead, parseProgressHead, parseRemovalHead } from "./record-heads.ts";
import { SegmentBytes } from "./segment-bytes.ts";
import {
  decodeSegmentHeader,
  parseSegmentName,
  recordBytes,
  type SegmentEnd,
  type SegmentHeader,
  segmentHeaderBytes,
} from "./segment-format.ts";
import { type Found, type FoundRecord, hasRecord } from "./segment-scan.ts";
import { messageSuffix, type SpoolFolders } from "./spool-folders.ts";

export type RecoverParts = {
  disk: SpoolDisk;
  now(): number;
  folders: SpoolFolders;
  ledger: Ledger;
  corrupt: Pick<CorruptFolder, "keep" | "take">;
};
/** Where the log goes on, and whose progress must be written to it. */
export type Recovered = { next: number; before: SegmentEnd | null; cut: boolean; held: string[] };

type SegmentFile = { name: string; number: number; mark: Buffer };

const heldReply = "Held: the record of its earlier attempts is damaged; release it to send it";

/** Reads the queue back after a stop of any kind. What is damaged is kept aside and told, and holds up nothing else. */
export async function recoverQueue(parts: RecoverParts): Promise<Recovered> {
  const recovery = new Recovery(parts);
  return await recovery.run();
}

class Recovery {
  readonly #parts: RecoverParts;
  /** CRC-32 of ids of which a record is damaged that said what became of them. */
  readonly #doubtful = new Set<number>();
  #next = 1;
  #isDamaged = false;

  constructor(parts: RecoverParts) {
    this.#parts = parts;
  }

  async run(): Promise<Recovered> {
    const { ledger } = this.#parts;
    const befores = new Map<number, SegmentEnd>();
    const files = await this.#files(befores);
    const ends = new Map([...befores.values()].map(({ number, end }) => [number, end]));
    const last = files.at(-1);
    let end = segmentHeaderBytes;
    for (const file of files) {
      ledger.book.began(file, null, false);
      end = await this.#with(file, (bytes, handle) => this.#read(bytes, handle, file, ends, file === last));
    }
    const cut = this.#bookEnds(befores, last?.number ?? 0);
    await this.#checkLargeFiles();
    const before = last === undefined ? null : { number: last.number, end };
    return { next: this.#next, before, cut, held: this.#holdDoubtful() };
  }

  /** The segments in their order, and what each says of the one before. */
  async #files(befores: Map<number, SegmentEnd>): Promise<SegmentFile[]> {
    const { disk, folders } = this.#parts;
    const files: SegmentFile[] = [];
    for (const name of await disk.list(folders.log)) {
      const parsed = parseSegmentName(name);
      if (parsed === null) continue;
      const file = { name, ...parsed };
      this.#next = Math.max(this.#next, file.number + 1);
      const { header, size } = await this.#with(file, (bytes) => readHeader(bytes));
      if (header?.before) befores.set(file.number, header.before);
      // Its header was never finished: nothing was written to it, and the one before is the last still.
      if (header === null && size <= segmentHeaderBytes) await disk.remove(join(folders.log, name));
      else files.push(file);
    }
    return files.sort((a, b) => a.number - b.number);
  }

  async #with<T>({ name }: SegmentFile, read: (bytes: SegmentBytes, handle: number) => Promise<T>): Promise<T> {
    const { disk, folders } = this.#parts;
    const handle = await disk.open(join(folders.log, name), "r+");
    try {
      return await read(new SegmentBytes(disk, handle, await disk.size(handle)), handle);
    } finally {
      await disk.close(handle);
    }
  }

  /** Gives where what counts of the segment ends. */
  async #read(
    bytes: SegmentBytes,
    handle: number,
    file: SegmentFile,
    ends: ReadonlyMap<number, number>,
    isLast: boolean,
  ): Promise<number> {
    const { disk, ledger } = this.#parts;
    const content = isLast
      ? await readLastSegment(bytes, file.mark)
      : await readEndedSegment(bytes, file.mark, ends.get(file.number) ?? null);
    // What counts from now on must be on disk, also where its writer did not come so far.
    if (isLast) await disk.flush(handle);
    await this.#checkHeader(bytes, file);
    for (const one of content.found) await this.#take(bytes, file, one);
    const segment = ledger.book.get(file.number);
    if (segment !== null) {
      segment.end = content.end;
      segment.hasMore = await hasRecord(bytes, file.mark, content.end);
    }
    return content.end;
  }

  async #checkHeader(bytes: SegmentBytes, file: SegmentFile): Promise<void> {
    const { header } = await readHeader(bytes);
    if (header?.number === file.number) return;
    await this.#damaged(bytes, file, { offset: 0, bytes: segmentHeaderBytes }, "the beginning of a segment is damaged");
  }

  async #take(bytes: SegmentBytes, file: SegmentFile, one: Found): Promise<void> {
    if (one.kind === "gap") {
      const words = `${one.bytes} octets of the queue are damaged: messages in them, if any, are lost`;
      return await this.#damaged(bytes, file, one, words);
    }
    const place = { segment: file.number, offset: one.offset, bytes: recordBytes(one.header) };
    if (one.head !== null && this.#apply(one, one.head, place)) return;
    if (one.header.kind === "progress" || one.header.kind === "removal") {
      this.#doubtful.add(one.header.idCrc);
      return await this.#damaged(bytes, file, place, "what became of a queued message is damaged: it is held");
    }
    await this.#damaged(bytes, file, place, "the envelope of a queued message is damaged");
  }

  /** An attempt in the future: the clock was set back since. The wait goes on from now. */
  #inTime(progress: Progress): Progress {
    const ahead = (progress.lastAttemptAt ?? 0) - this.#parts.now();
    if (ahead <= 0 || progress.nextAttemptAt === null) return progress;
    return { ...progress, nextAttemptAt: progress.nextAttemptAt - ahead };
  }

  /** False: the head is not what it should be. */
  #apply({ header }: FoundRecord, head: Buffer, place: Place): boolean {
    const { ledger } = this.#parts;
    if (header.kind === "message" || header.kind === "file") {
      const message = parseMessageHead(head);
      if (message !== null) {
        const progress = message.progress === undefined ? undefined : this.#inTime(message.progress);
        ledger.message({ ...message, progress }, place, header.kind === "file");
      }
      this.#doubtful.delete(header.idCrc);
      return message !== null;
    }
    if (header.kind === "progress") {
      const progress = parseProgressHead(head);
      const record = progress === null ? null : ledger.table.record(progress.id);
      if (progress === null) return false;
      if (record === null || record.outcomes.length !== progress.progress.outcomes.length) return true;
      ledger.table.change({ ...record, ...this.#inTime(progress.progress) });
      ledger.progress(progress, place);
      this.#doubtful.delete(header.idCrc);
      return true;
    }
    const removal = parseRemovalHead(head);
    if (removal === null) return false;
    const places = ledger.table.places(removal.id);
    const [segment, offset] = removal.at;
    const { message } = places ?? {};
    const isMeant =
      message !== undefined &&
      ((message.segment === segment && message.offset === offset) || removal.also.includes(message.segment));
    if (isMeant) ledger.table.remove(removal.id);
    ledger.removal(removal, place, isMeant ? places : null);
    return true;
  }

  async #damaged(
    bytes: SegmentBytes,
    file: SegmentFile,
    part: { offset: number; bytes: number },
    reason: string,
  ): Promise<void> {
    const { ledger, corrupt } = this.#parts;
    this.#isDamaged = true;
    const segment = ledger.book.get(file.number);
    if (segment !== null) segment.isUnsound = true;
    await corrupt.keep(`${file.name}-${part.offset}`, await bytes.at(part.offset, part.bytes), reason);
  }

  /** True: behind the end of the last segment stand records that do not count. */
  #bookEnds(befores: ReadonlyMap<number, SegmentEnd>, last: number): boolean {
    const { book } = this.#parts.ledger;
    for (const [number, before] of befores) {
      const [segment, previous] = [book.get(number), book.get(before.number)];
      if (segment === null || previous === null || !previous.hasMore) continue;
      segment.keeps = before.number;
      previous.isUnsound = true;
    }
    return book.get(last)?.hasMore ?? false;
  }

  /** Sending could repeat what is delivered or undo a person's hold: a person sees it and decides. */
  #holdDoubtful(): string[] {
    const { table } = this.#parts.ledger;
    const held = this.#doubtful.size === 0 ? [] : [...table.ids()].filter((id) => this.#doubtful.has(crc32(id)));
    for (const id of held) {
      const record = table.record(id);
      if (record !== null) table.change({ ...record, state: "held", lastReply: heldReply, nextAttemptAt: null });
    }
    return held;
  }

  async #checkLargeFiles(): Promise<void> {
    const { disk, folders, ledger, corrupt } = this.#parts;
    const names = new Set(await disk.list(folders.large));
    for (const name of names) {
      const id = name.endsWith(messageSuffix) ? name.slice(0, -messageSuffix.length) : "";
      if (ledger.table.places(id)?.ownFile === true) continue;
      // Nobody was answered for it, or it is delivered; unless the record that told so is among the damaged.
      if (this.#isDamaged) await corrupt.take(join(folders.large, name), name, "its record in the log is damaged");
      else await disk.remove(join(folders.large, name));
    }
  }
}

async function readHeader(bytes: SegmentBytes): Promise<{ header: SegmentHeader | null; size: number }> {
  return { header: decodeSegmentHeader(await bytes.at(0, segmentHeaderBytes)), size: bytes.size };
}
