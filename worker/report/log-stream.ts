import { destination, symbols } from "pino";

/** Lines wait for each other so long at most, or until there are so many bytes of them: a write for each costs more than what it tells of. */
const waitMs = 100;
const waitingBytesMax = 12_288;
/** pino's level of a warning: it, and what is worse, is written at once. */
const warning = 40;

/** Where the log goes: a file descriptor. What it says of everyday things is written in groups, and before the process exits. */
export class LogStream {
  /** Asks pino to tell the level of each line. */
  readonly [symbols.needsMetadataGsym] = true;
  lastLevel = 0;
  readonly #file: ReturnType<typeof destination>;

  constructor(fd: number) {
    this.#file = destination({ fd, sync: true, minLength: waitingBytesMax, periodicFlush: waitMs });
    process.once("exit", () => this.flushSync());
  }

  write(line: string): void {
    this.#file.write(line);
    if (this.lastLevel >= warning) this.#file.flushSync();
  }

  flushSync(): void {
    this.#file.flushSync();
  }
}
