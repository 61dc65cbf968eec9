import {
  close,
  fdatasync,
  fstat,
  fsync,
  mkdir,
  open,
  read,
  readdir,
  rename,
  type StatsFs,
  statfsSync,
  unlink,
  writeSync,
  writev,
} from "node:fs";
import { promisify } from "node:util";

/** What the spool asks of a file system: as little as a test can simulate, power cuts and broken disks included. Paths are absolute. */
export interface SpoolDisk {
  /** Makes a folder (0700) and those above it. */
  makeFolder(path: string): Promise<void>;
  /** Names in a folder, in any order. */
  list(folder: string): Promise<string[]>;
  /** `wx` makes the file (0600) and fails where there is one. */
  open(path: string, flags: "r" | "r+" | "wx"): Promise<number>;
  close(file: number): Promise<void>;
  size(file: number): Promise<number>;
  /** Fills `into` from `position` on; gives how much of it, less only at the file's end. */
  read(file: number, into: Uint8Array, position: number): Promise<number>;
  /** Writes all of the chunks. After an error any part of them may stand there. */
  write(file: number, chunks: readonly Uint8Array[], position: number): Promise<void>;
  /** As write, before it returns: for the few octets of a note. */
  writeNow(file: number, bytes: Uint8Array, position: number): void;
  /** Resolves once the file's bytes are on disk. After an error they are not to be believed, whatever a second call says. */
  flush(file: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** One that is gone already is fine. */
  remove(path: string): Promise<void>;
  /** Resolves once every name made, renamed and removed in the folder is on disk. */
  flushFolder(path: string): Promise<void>;
  /** How much room is left. */
  room(path: string): Pick<StatsFs, "bavail" | "bsize" | "ffree" | "files">;
}

const calls = {
  close: promisify(close),
  fdatasync: promisify(fdatasync),
  fstat: promisify(fstat),
  fsync: promisify(fsync),
  mkdir: promisify(mkdir),
  open: promisify(open),
  read: promisify(read),
  readdir: promisify(readdir),
  rename: promisify(rename),
  unlink: promisify(unlink),
  writev: promisify(writev),
};

/** The machine's own file system. Descriptors instead of FileHandles: fewer promises, and none that the collector closes. */
export const realDisk: SpoolDisk = {
  async makeFolder(path) {
    await calls.mkdir(path, { recursive: true, mode: 0o700 });
  },
  list: (folder) => calls.readdir(folder),
  open: (path, flags) => calls.open(path, flags, 0o600),
  close: (file) => calls.close(file),
  async size(file) {
    return (await calls.fstat(file)).size;
  },
  async read(file, into, position) {
    let filled = 0;
    while (filled < into.length) {
      const { bytesRead } = await calls.read(file, into, filled, into.length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  },
  async write(file, chunks, position) {
    for (let rest = chunks, at = position; rest.length > 0; ) {
      const { bytesWritten } = await calls.writev(file, [...rest], at);
      at += bytesWritten;
      rest = afterBytes(rest, bytesWritten);
    }
  },
  writeNow(file, bytes, position) {
    writeSync(file, bytes, 0, bytes.length, position);
  },
  flush: (file) => calls.fdatasync(file),
  rename: (from, to) => calls.rename(from, to),
  async remove(path) {
    try {
      await calls.unlink(path);
    } catch (error) {
      if (!isErrorCode(error, "ENOENT")) throw error;
    }
  },
  async flushFolder(path) {
    const folder = await calls.open(path, "r");
    try {
      await calls.fsync(folder);
    } finally {
      await calls.close(folder);
    }
  },
  room: (path) => statfsSync(path),
};

export function isErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function afterBytes(chunks: readonly Uint8Array[], written: number): readonly Uint8Array[] {
  let skip = written;
  for (const [index, chunk] of chunks.entries()) {
    if (skip < chunk.length) return [chunk.subarray(skip), ...chunks.slice(index + 1)];
    skip -= chunk.length;
  }
  return [];
}
