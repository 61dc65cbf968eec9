import { close, fdatasync, open, rename, unlink, writev } from "node:fs";
import { crc32 } from "node:zlib";
import type { DirectorySync } from "./directory-sync.ts";
import type { SpoolEnvelope, SpoolWriter } from "./spool.ts";
import { encodeEnd, encodeStart } from "./spool-format.ts";

/** Held in memory before anything is written: a small message costs one write. */
const flushBytes = 256 * 1024;
/** The same for a message that comes in drips. */
const flushChunks = 1024;
/** Past it, write() asks to pause. */
const pendingBytesMax = 1024 * 1024;

export type WriterPlace = {
  temporaryPath: string;
  path: string;
  directory: DirectorySync;
  /** Called between the flush to disk and the answer. */
  committed(subject: string | null, messageBytes: number): void;
  /** Called once when nothing of this writer remains to be done. */
  closed(): void;
};

type Failure = Error | null;

/** Writes one message into a temporary file and moves it into the queue. */
export class FileSpoolWriter implements SpoolWriter {
  onDrain: (() => void) | null = null;
  readonly #place: WriterPlace;
  #pending: Uint8Array[];
  #pendingBytes = 0;
  #messageBytes = 0;
  #crc = 0;
  #fd: number | null = null;
  #opened = false;
  #busy = false;
  #paused = false;
  #failure: Failure = null;
  #aborted = false;
  #finished = false;
  #commit: { subject: string | null; done: (error: Failure) => void } | null = null;

  constructor(envelope: SpoolEnvelope, place: WriterPlace) {
    this.#place = place;
    this.#pending = [encodeStart(envelope)];
  }

  write(chunk: Uint8Array): boolean {
    if (this.#aborted || this.#failure !== null || this.#commit !== null) return true;
    this.#crc = crc32(chunk, this.#crc);
    this.#messageBytes += chunk.length;
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes >= flushBytes || this.#pending.length >= flushChunks) this.#flush();
    this.#paused = this.#pendingBytes >= pendingBytesMax;
    return !this.#paused;
  }

  commit(subject: string | null, done: (error: Failure) => void): void {
    if (this.#commit !== null) throw new Error("a spool writer is committed once");
    this.#commit = { subject, done };
    const failure = this.#failure;
    if (failure !== null) {
      if (!this.#busy) queueMicrotask(() => this.#finish(failure));
      return;
    }
    this.#pending.push(encodeEnd(subject, this.#messageBytes, this.#crc));
    this.#flush();
  }

  abort(): void {
    if (this.#finished) return;
    this.#aborted = true;
    this.#pending = [];
    this.#pendingBytes = 0;
    if (!this.#busy) this.#discard();
  }

  /** Writes what is pending, then commits if that was asked for. One run at a time. */
  #flush(): void {
    if (this.#busy || this.#finished) return;
    this.#busy = true;
    if (this.#fd !== null) return this.#writePending(this.#fd);
    open(this.#place.temporaryPath, "wx", 0o600, (error, fd) => {
      if (error !== null) return this.#fail(error);
      this.#fd = fd;
      this.#opened = true;
      this.#writePending(fd);
    });
  }

  #writePending(fd: number): void {
    if (this.#aborted) return this.#discard();
    const batch = this.#pending;
    this.#pending = [];
    this.#writeAll(fd, batch, (error) => {
      if (error !== null) return this.#fail(error);
      this.#pendingBytes = this.#pending.reduce((sum, chunk) => sum + chunk.length, 0);
      if (this.#pending.length > 0) return this.#writePending(fd);
      if (this.#aborted) return this.#discard();
      if (this.#commit !== null) return this.#settle(fd);
      this.#busy = false;
      this.#resume();
    });
  }

  #writeAll(fd: number, chunks: Uint8Array[], done: (error: Failure) => void): void {
    if (chunks.length === 0) return done(null);
    writev(fd, chunks, (error, written) => {
      if (error !== null) done(error);
      else this.#writeAll(fd, rest(chunks, written), done);
    });
  }

  /** Data to disk, name into the queue, name to disk: the order that survives a power cut at any point. */
  #settle(fd: number): void {
    const { temporaryPath, path, directory } = this.#place;
    fdatasync(fd, (syncError) => {
      if (syncError !== null) return this.#fail(syncError);
      if (this.#aborted) return this.#discard();
      this.#fd = null;
      close(fd, (closeError) => {
        if (closeError) return this.#fail(closeError);
        rename(temporaryPath, path, (renameError) => {
          if (renameError !== null) return this.#fail(renameError);
          directory.request((directoryError) => this.#settled(directoryError));
        });
      });
    });
  }

  #settled(error: Failure): void {
    if (error === null && !this.#aborted) {
      const subject = this.#commit?.subject ?? null;
      this.#place.committed(subject, this.#messageBytes);
      return this.#finish(null);
    }
    // Not known to be on disk, or no longer wanted: it must not be delivered.
    unlink(this.#place.path, () => this.#finish(error));
  }

  #fail(error: Error): void {
    this.#failure = error;
    this.#busy = true;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#removeTemporary(() => {
      this.#busy = false;
      if (this.#commit !== null || this.#aborted) this.#finish(error);
      else this.#resume();
    });
  }

  #discard(): void {
    this.#busy = true;
    this.#removeTemporary(() => this.#finish(null));
  }

  #removeTemporary(done: () => void): void {
    const fd = this.#fd;
    this.#fd = null;
    if (fd === null && !this.#opened) return done();
    const remove = (): void => unlink(this.#place.temporaryPath, () => done());
    if (fd === null) remove();
    else close(fd, remove);
  }

  #finish(error: Failure): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#busy = false;
    this.#place.closed();
    if (!this.#aborted) this.#commit?.done(error);
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.onDrain?.();
  }
}

function rest(chunks: Uint8Array[], written: number): Uint8Array[] {
  let skip = written;
  for (const [index, chunk] of chunks.entries()) {
    if (skip < chunk.length) return [chunk.subarray(skip), ...chunks.slice(index + 1)];
    skip -= chunk.length;
  }
  return [];
}
