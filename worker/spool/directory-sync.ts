import type { SpoolDisk } from "./disk.ts";

type Waiting = { resolve(): void; reject(error: unknown): void };

/** Flushes one folder's names; requests that come while a flush runs share the next one. */
export class DirectorySync {
  readonly #disk: SpoolDisk;
  readonly #path: string;
  #waiting: Waiting[] = [];
  #running = false;

  constructor(disk: SpoolDisk, path: string) {
    this.#disk = disk;
    this.#path = path;
  }

  /** Resolves once every name made, renamed and removed before this call is on disk. */
  request(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#disk.flushFolder(this.#path);
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#running = false;
  }
}
