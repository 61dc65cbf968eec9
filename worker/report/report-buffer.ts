import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { reportSchema } from "#core/contract/report.ts";
import { writeFileAtomically } from "../state/atomic-file.ts";
import type { Batch } from "./report-recorder.ts";

/** Unanswered batches on disk, in bytes; past it the oldest give way. */
export const reportBufferBytesMax = 256 * 1024 * 1024;

/** Sequences are reserved in blocks: one flush to disk for a thousand reports, and none is used twice after a power cut. */
const sequenceBlock = 1_000;
const suffix = ".json";

const batchSchema = reportSchema.pick({ events: true, counters: true, eventsDropped: true });

export type StoredBatch = { sequence: number; bytes: number };

/** Batches that the console has not answered yet, oldest first, each a file named by its sequence. */
export class ReportBuffer {
  readonly #folder: string;
  readonly #bytesMax: number;
  readonly #batches: StoredBatch[];
  #bytes: number;
  #next: number;
  #reserved: number;

  constructor(stateDir: string, bytesMax = reportBufferBytesMax) {
    this.#folder = join(stateDir, "reports");
    this.#bytesMax = bytesMax;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#batches = readFolder(this.#folder);
    this.#bytes = this.#batches.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#reserved = readReserved(this.#folder);
    this.#next = Math.max(this.#reserved, this.#batches.at(-1)?.sequence ?? 0) + 1;
  }

  get oldest(): StoredBatch | null {
    return this.#batches[0] ?? null;
  }

  /** A sequence that no report ever had. */
  async nextSequence(): Promise<number> {
    const sequence = this.#next++;
    if (sequence > this.#reserved) {
      const reserved = sequence + sequenceBlock;
      await writeFileAtomically(join(this.#folder, "sequence"), String(reserved));
      this.#reserved = reserved;
    }
    return sequence;
  }

  /** Keeps a batch; resolves with those that had to give way for it. */
  async add(json: string): Promise<Batch[]> {
    const sequence = await this.nextSequence();
    const path = this.#path(sequence);
    await writeFile(`${path}.tmp`, json, { mode: 0o600 });
    await rename(`${path}.tmp`, path);
    const bytes = Buffer.byteLength(json);
    this.#batches.push({ sequence, bytes });
    this.#bytes += bytes;
    const dropped: Batch[] = [];
    while (this.#bytes > this.#bytesMax && this.#batches.length > 1) {
      const [oldest] = this.#batches;
      if (oldest === undefined) break;
      const batch = await this.read(oldest.sequence);
      if (batch !== null) dropped.push(batch);
      await this.remove(oldest.sequence);
    }
    return dropped;
  }

  /** The batch, or null when its file is damaged or gone. */
  async read(sequence: number): Promise<Batch | null> {
    try {
      return batchSchema.parse(JSON.parse(await readFile(this.#path(sequence), "utf8")));
    } catch {
      return null;
    }
  }

  async remove(sequence: number): Promise<void> {
    const index = this.#batches.findIndex((batch) => batch.sequence === sequence);
    if (index === -1) return;
    const [removed] = this.#batches.splice(index, 1);
    this.#bytes -= removed?.bytes ?? 0;
    await rm(this.#path(sequence), { force: true });
  }

  /** The console has heard higher sequences from this worker than it remembers (its state was lost): go on after them. */
  async continueAfter(sequence: number): Promise<void> {
    if (sequence < this.#next) return;
    const shift = sequence + 1 - (this.#batches[0]?.sequence ?? this.#next);
    this.#next = Math.max(this.#next + shift, sequence + 1);
    this.#reserved = this.#next + sequenceBlock;
    await writeFileAtomically(join(this.#folder, "sequence"), String(this.#reserved));
    // From the newest, so that no file takes another's name.
    for (const batch of this.#batches.toReversed()) {
      await rename(this.#path(batch.sequence), this.#path(batch.sequence + shift));
      batch.sequence += shift;
    }
  }

  #path(sequence: number): string {
    return join(this.#folder, `${String(sequence).padStart(12, "0")}${suffix}`);
  }
}

function readFolder(folder: string): StoredBatch[] {
  const batches: StoredBatch[] = [];
  for (const name of readdirSync(folder).sort()) {
    const sequence = /^\d{12}\.json$/.test(name) ? Number(name.slice(0, -suffix.length)) : 0;
    if (sequence > 0) batches.push({ sequence, bytes: statSync(join(folder, name)).size });
  }
  return batches;
}

function readReserved(folder: string): number {
  try {
    const reserved = Number(readFileSync(join(folder, "sequence"), "utf8"));
    return Number.isSafeInteger(reserved) && reserved > 0 ? reserved : 0;
  } catch {
    return 0;
  }
}
