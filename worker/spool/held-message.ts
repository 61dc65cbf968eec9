import { crc32 } from "node:zlib";
import { shortLived } from "../net/short-lived.ts";
import type { LargeFile } from "./large-file.ts";
import type { Content } from "./queue-log.ts";
import type { SpoolEnvelope } from "./spool.ts";

/** Larger messages have a file of their own: for them one flush each costs less than to write them twice when segments are cleaned. */
export const smallMessageBytesMax = 256 * 1024;
/** Of a message that comes in drips, this many are joined to one. */
const piecesMax = 1024;

/** Memory for messages that are coming in, all of them together; past it they go to files of their own, whatever their size. */
export class HeldBytes {
  #bytes = 0;
  readonly #bytesMax: number;

  constructor(bytesMax = 64 * 1024 * 1024) {
    this.#bytesMax = bytesMax;
  }

  take(bytes: number): boolean {
    if (this.#bytes + bytes > this.#bytesMax) return false;
    this.#bytes += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#bytes -= bytes;
  }
}

/** A message on its way in: in memory while it is small, then in a file. */
export class HeldMessage {
  onDrain: (() => void) | null = null;
  readonly envelope: SpoolEnvelope;
  readonly #held: HeldBytes;
  readonly #openLarge: (envelope: SpoolEnvelope) => LargeFile;
  #chunks: Uint8Array[] = [];
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #crc = 0;
  #large: LargeFile | null = null;

  constructor(envelope: SpoolEnvelope, held: HeldBytes, openLarge: (envelope: SpoolEnvelope) => LargeFile) {
    this.envelope = envelope;
    this.#held = held;
    this.#openLarge = openLarge;
  }

  get bytes(): number {
    return this.#large?.bytes ?? this.#bytes;
  }

  /** False: pause until `onDrain` is called. */
  write(chunk: Uint8Array): boolean {
    if (this.#large !== null) return this.#large.write(chunk);
    if (this.#bytes + chunk.length > smallMessageBytesMax || !this.#held.take(chunk.length)) return this.#grow(chunk);
    this.#bytes += chunk.length;
    this.#crc = crc32(chunk, this.#crc);
    this.#pieces.push(chunk);
    if (this.#pieces.length >= piecesMax) this.#join();
    return true;
  }

  /** The message as the log takes it: at once in memory, else once its file is on disk. Rejects with why that is not so. */
  content(subject: string | null): Content | Promise<Content> {
    if (this.#large !== null) return this.#large.finish(subject).then(() => null);
    return { chunks: [...this.#chunks, ...this.#pieces], bytes: this.#bytes, crc: this.#crc };
  }

  /** Forgets what is held; nothing may be written any more. */
  release(): void {
    this.#held.release(this.#bytes);
    this.#chunks = [];
    this.#pieces = [];
    this.#bytes = 0;
  }

  /** Removes the file, if there is one. */
  async removeFile(): Promise<void> {
    await this.#large?.remove();
  }

  #grow(chunk: Uint8Array): boolean {
    const large = this.#openLarge(this.envelope);
    large.onDrain = shortLived(() => this.onDrain?.());
    this.#large = large;
    let flows = true;
    for (const held of [...this.#chunks, ...this.#pieces, chunk]) flows = large.write(held);
    this.release();
    return flows;
  }

  #join(): void {
    this.#chunks.push(Buffer.concat(this.#pieces));
    this.#pieces = [];
  }
}
