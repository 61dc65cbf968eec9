import { join } from "node:path";
import { crc32 } from "node:zlib";
import { z } from "zod";
import { isErrorCode, type SpoolDisk } from "./disk.ts";
import { durableProgress, type QueueRecord } from "./queue-record.ts";
import { progressSchema } from "./record-heads.ts";

/** Then the other file's turn begins; what it holds is in the log long since. */
const fileBytesMax = 256 * 1024;
const fileNames = ["delivered-a", "delivered-b"];

const noteSchema = z.strictObject({ id: z.string(), receivedAt: z.number(), progress: progressSchema });
export type DeliveredNote = z.infer<typeof noteSchema>;

/**
 * What servers took, noted at once and without waiting for the disk, some milliseconds before the log has it. The notes outlive a process that
 * is killed, not a power cut: they spare recipients a second copy, and nothing else depends on them.
 */
export class DeliveredNotes {
  readonly #disk: SpoolDisk;
  readonly #files: number[];
  #turn = 0;
  #position = 0;

  private constructor(disk: SpoolDisk, files: number[]) {
    this.#disk = disk;
    this.#files = files;
  }

  /** The notes of the run before, oldest first within a file, and where to write. */
  static async open(disk: SpoolDisk, folder: string): Promise<{ notes: DeliveredNotes; before: DeliveredNote[] }> {
    const files: number[] = [];
    const before: DeliveredNote[] = [];
    for (const name of fileNames) {
      const file = await openOrMake(disk, join(folder, name));
      const text = Buffer.alloc(await disk.size(file));
      await disk.read(file, text, 0);
      before.push(...text.toString("utf8").split("\n").flatMap(parseNote));
      files.push(file);
    }
    return { notes: new DeliveredNotes(disk, files), before };
  }

  /** Some recipient has the message now. */
  note(record: Readonly<QueueRecord>): void {
    const { id, receivedAt } = record;
    const text = JSON.stringify({ id, receivedAt, progress: durableProgress(record) } satisfies DeliveredNote);
    const line = Buffer.from(`${crc32(text).toString(16).padStart(8, "0")} ${text}\n`);
    if (this.#position + line.length > fileBytesMax) {
      this.#turn = 1 - this.#turn;
      this.#position = 0;
    }
    const file = this.#files[this.#turn];
    try {
      if (file !== undefined) this.#disk.writeNow(file, line, this.#position);
      this.#position += line.length;
    } catch {
      // A disk that is full or broken: the log tells of it.
    }
  }

  /** Only when all that was noted is in the log. */
  async clear(): Promise<void> {
    for (const file of this.#files) await this.#disk.write(file, [Buffer.alloc(await this.#disk.size(file))], 0);
  }

  async close(): Promise<void> {
    for (const file of this.#files.splice(0)) await this.#disk.close(file);
  }
}

async function openOrMake(disk: SpoolDisk, path: string): Promise<number> {
  try {
    return await disk.open(path, "r+");
  } catch (error) {
    if (!isErrorCode(error, "ENOENT")) throw error;
    return await disk.open(path, "wx");
  }
}

/** Nothing where the line is not whole: of a later turn over an earlier one, or cut. */
function parseNote(line: string): DeliveredNote[] {
  const text = line.slice(9);
  if (crc32(text).toString(16).padStart(8, "0") !== line.slice(0, 8)) return [];
  const parsed = noteSchema.safeParse(JSON.parse(text));
  return parsed.success ? [parsed.data] : [];
}
