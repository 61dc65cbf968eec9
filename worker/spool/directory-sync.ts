import { close, fsync, open } from "node:fs";

type Callback = (error: Error | null) => void;

/** Flushes one directory's entries; requests that come while a flush runs share the next one. */
export class DirectorySync {
  readonly #path: string;
  #waiting: Callback[] = [];
  #running = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Calls back once every rename and unlink made before this call is on disk. */
  request(done: Callback): void {
    this.#waiting.push(done);
    if (!this.#running) this.#run();
  }

  #run(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#running = true;
    this.#flush((error) => {
      this.#running = false;
      for (const done of batch) done(error);
      if (this.#waiting.length > 0 && !this.#running) this.#run();
    });
  }

  #flush(done: Callback): void {
    open(this.#path, "r", (openError, fd) => {
      if (openError !== null) return done(openError);
      fsync(fd, (syncError) => close(fd, (closeError) => done(syncError ?? closeError ?? null)));
    });
  }
}
