import { readFileSync, statSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { crc32 } from "node:zlib";
import type { Logger } from "pino";
import { writeFileAtomically } from "./atomic-file.ts";

/** A file that is larger is not read at start: what it remembered is lost. */
export const logFileBytesMax = 536_870_912;
/** Characters that wait for the disk; past it they are dropped, and the file is written anew from what is remembered. */
export const unwrittenCharactersMax = 4_194_304;
/** Lines are written together, this long after the first, in milliseconds. */
const writeDelayMs = 1_000;
/** A file that grew to twice what it was when it was last written anew, and this much more, is written anew. */
const deadBytesMin = 1_048_576;
const pieceCharacters = 262_144;
const checksumBytes = 9;
const LF = 10;

export type LineLogOptions = {
  log: Logger;
  /** All that is remembered now, a line each, without LF: what the file is written anew from. */
  remembered: () => readonly string[];
};

/**
 * What somebody remembers over restarts, as a file of lines with checksums that is only appended to, and written anew once most of it is dead.
 * A line that is torn or damaged is passed over. What cannot be read or written costs the memory, not the worker.
 */
export class LineLog {
  readonly #path: string;
  readonly #options: LineLogOptions;
  #waiting: string[] = [];
  #waitingCharacters = 0;
  #fileBytes = 0;
  /** A file of so many bytes may be mostly dead. */
  #suspectBytes = deadBytesMin;
  /** The file's end cannot be trusted, or it lacks lines. */
  #stale = false;
  #failing = false;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, options: LineLogOptions) {
    this.#path = path;
    this.#options = options;
  }

  /** Gives every whole line in the order in which they were added. Called once, before the first is added. */
  load(take: (line: string) => void): void {
    const bytes = this.#read();
    this.#fileBytes = bytes.length;
    for (let from = 0; from < bytes.length; ) {
      const end = bytes.indexOf(LF, from);
      const line = readLine(bytes.subarray(from, end === -1 ? bytes.length : end));
      if (line === null || end === -1) this.#stale = true;
      else take(line);
      from = end === -1 ? bytes.length : end + 1;
    }
    if (this.#stale) this.#options.log.warn({ file: this.#path }, "lines of a file are damaged; they are forgotten");
  }

  /** The line has no LF in it. It is on disk a moment later; a crash before that forgets it. */
  add(line: string): void {
    const encoded = encodeLine(line);
    this.#waiting.push(encoded);
    this.#waitingCharacters += encoded.length;
    if (this.#waitingCharacters > unwrittenCharactersMax) {
      this.#waiting = [];
      this.#waitingCharacters = 0;
      this.#stale = true;
    }
    this.#timer ??= setTimeout(() => void this.#save(), writeDelayMs).unref();
  }

  /** Resolves once the last line is on disk. */
  async close(): Promise<void> {
    if (this.#timer !== null) await this.#save();
    await this.#writing;
  }

  #read(): Buffer {
    try {
      const { size } = statSync(this.#path);
      if (size > logFileBytesMax) throw new Error(`it has ${size} bytes, more than ${logFileBytesMax}`);
      return readFileSync(this.#path);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return Buffer.alloc(0);
      this.#options.log.error({ err: error, file: this.#path }, "a file cannot be read; what it remembered is lost");
      this.#stale = true;
      return Buffer.alloc(0);
    }
  }

  #save(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const bytes = Buffer.from(this.#waiting.join(""));
    this.#waiting = [];
    this.#waitingCharacters = 0;
    try {
      if (this.#stale || this.#fileBytes > this.#suspectBytes) await this.#rewrite();
      else await this.#append(bytes);
      this.#failing = false;
    } catch (error) {
      this.#stale = true;
      if (!this.#failing) this.#options.log.error({ err: error, file: this.#path }, "a file cannot be written");
      this.#failing = true;
    }
  }

  async #append(bytes: Buffer): Promise<void> {
    this.#fileBytes += bytes.length;
    await appendFile(this.#path, bytes, { mode: 0o600 });
  }

  /** What waited is among what is remembered. */
  async #rewrite(): Promise<void> {
    this.#stale = false;
    this.#fileBytes = 0;
    await writeFileAtomically(this.#path, this.#pieces(this.#options.remembered()));
    this.#suspectBytes = 2 * this.#fileBytes + deadBytesMin;
  }

  /** Piece by piece: nobody waits for the whole of it. */
  async *#pieces(lines: readonly string[]): AsyncGenerator<Uint8Array> {
    let piece = "";
    for (const line of lines) {
      piece += encodeLine(line);
      if (piece.length < pieceCharacters) continue;
      yield this.#counted(piece);
      piece = "";
    }
    yield this.#counted(piece);
  }

  #counted(piece: string): Uint8Array {
    const bytes = Buffer.from(piece);
    this.#fileBytes += bytes.length;
    return bytes;
  }
}

function encodeLine(line: string): string {
  return `${checksum(line)} ${line}\n`;
}

/** null: it is not as it was written. */
function readLine(bytes: Buffer): string | null {
  const body = bytes.subarray(checksumBytes);
  return bytes.length > checksumBytes && bytes.toString("latin1", 0, checksumBytes) === `${checksum(body)} `
    ? body.toString()
    : null;
}

/** Of the bytes in UTF-8. */
function checksum(line: string | Uint8Array): string {
  return crc32(line).toString(16).padStart(8, "0");
}
