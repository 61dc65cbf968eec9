import { realDisk, type SpoolDisk } from "./disk.ts";

/** Below it nothing more is accepted for later: 452 4.3.1. */
export const spoolFreeBytesMin = 64 * 1024 * 1024;
export const spoolFreeFilesMin = 1_000;

const checkEveryMs = 500;

/** Watches the file system under the spool, not more often than twice a second. */
export class FreeSpace {
  readonly #path: string;
  readonly #now: () => number;
  readonly #freeBytesMin: number;
  readonly #room: SpoolDisk["room"];
  #checkedAt = Number.NEGATIVE_INFINITY;
  #reason: string | null = null;

  constructor(path: string, now: () => number, freeBytesMin = spoolFreeBytesMin, room = realDisk.room) {
    this.#path = path;
    this.#now = now;
    this.#freeBytesMin = freeBytesMin;
    this.#room = room;
  }

  /** Why there is not enough, or null. */
  shortage(): string | null {
    const now = this.#now();
    if (Math.abs(now - this.#checkedAt) >= checkEveryMs) {
      this.#checkedAt = now;
      this.#reason = this.#check();
    }
    return this.#reason;
  }

  #check(): string | null {
    const { bavail, bsize, ffree, files } = this.#room(this.#path);
    const freeBytes = bavail * bsize;
    if (freeBytes < this.#freeBytesMin) {
      return `only ${freeBytes} bytes are free under ${this.#path}, ${this.#freeBytesMin} are needed to accept mail for later: make room`;
    }
    // Some file systems count no files at all.
    if (files > 0 && ffree < spoolFreeFilesMin) return `only ${ffree} files can be made under ${this.#path}: make room`;
    return null;
  }
}
