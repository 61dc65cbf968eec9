import { crc32 } from "node:zlib";
import type { DirectorySync } from "./directory-sync.ts";
import type { SpoolDisk } from "./disk.ts";
import type { SpoolEnvelope } from "./spool.ts";
import { encodeEnd, encodeStart } from "./spool-format.ts";

/** Past it, write() asks to pause. */
const pendingBytesMax = 1024 * 1024;

/** Writes a message that is too large for the log into a file of its own; it counts once the log says so. */
export class LargeFile {
  onDrain: (() => void) | null = null;
  readonly #disk: SpoolDisk;
  readonly #path: string;
  readonly #folder: DirectorySync;
  #pending: Uint8Array[];
  #pendingBytes = 0;
  #messageBytes = 0;
  #crc = 0;
  #position = 0;
  #file: number | null = null;
  #running: Promise<void> | null = null;
  #failure: Error | null = null;
  #isPaused = false;
  #isOver = false;

  constructor(disk: SpoolDisk, path: string, folder: DirectorySync, envelope: SpoolEnvelope) {
    this.#disk = disk;
    this.#path = path;
    this.#folder = folder;
    this.#pending = [encodeStart(envelope)];
  }

  get bytes(): number {
    return this.#messageBytes;
  }

  /** Keeps the chunk. False: pause until `onDrain` is called. */
  write(chunk: Uint8Array): boolean {
    if (this.#isOver || this.#failure !== null) return true;
    this.#crc = crc32(chunk, this.#crc);
    this.#messageBytes += chunk.length;
    this.#push(chunk);
    this.#isPaused = this.#pendingBytes >= pendingBytesMax;
    return !this.#isPaused;
  }

  /** Resolves once the whole file and its name are on disk; rejects with why not. */
  async finish(subject: string | null): Promise<void> {
    this.#push(encodeEnd(subject, this.#messageBytes, this.#crc));
    this.#isOver = true;
    await this.#running;
    const file = this.#file;
    if (this.#failure !== null || file === null) throw this.#failure ?? new Error("it was given up");
    this.#file = null;
    try {
      await this.#disk.flush(file);
    } finally {
      await this.#disk.close(file);
    }
    await this.#folder.request();
  }

  /** Removes the file; may be called at any time after which nobody waits for `finish`, and twice. */
  async remove(): Promise<void> {
    this.#isOver = true;
    this.#failure ??= new Error("it was given up");
    this.#pending = [];
    await this.#running;
    const file = this.#file;
    this.#file = null;
    if (file !== null) await this.#disk.close(file);
    if (this.#position > 0 || file !== null) await this.#disk.remove(this.#path);
  }

  #push(chunk: Uint8Array): void {
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    try {
      this.#file ??= await this.#disk.open(this.#path, "wx");
      while (this.#pending.length > 0) {
        const batch = this.#pending;
        this.#pending = [];
        const bytes = batch.reduce((sum, { length }) => sum + length, 0);
        await this.#disk.write(this.#file, batch, this.#position);
        this.#position += bytes;
        this.#pendingBytes = this.#pending.reduce((sum, { length }) => sum + length, 0);
        this.#resume();
      }
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
      this.#pending = [];
      this.#pendingBytes = 0;
      this.#resume();
    }
    this.#running = null;
  }

  #resume(): void {
    if (!this.#isPaused || this.#pendingBytes >= pendingBytesMax) return;
    this.#isPaused = false;
    this.onDrain?.();
  }
}
