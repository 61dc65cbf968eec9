import { destination, symbols } from "pino";

/** Lines wait for each other so long at most, or until they are so long together: a write for each costs more than what it tells of. */
const waitMs = 100;
const waitingCharactersMax = 12_288;
/** pino's level of a warning: it, and what is worse, is written at once. */
const warning = 40;

/** Where the log goes: a file descriptor. What it says of everyday things is written in groups, and before the process exits. */
export class LogStream {
  /** Asks pino to tell the level of each line. */
  readonly [symbols.needsMetadataGsym] = true;
  lastLevel = 0;
  readonly #file: ReturnType<typeof destination>;
  /** Gathered here: pino's own gathering counts what waits anew with every line. */
  #waiting: string[] = [];
  #waitingCharacters = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(fd: number) {
    this.#file = destination({ fd, sync: true });
    process.once("exit", () => this.flushSync());
  }

  write(line: string): void {
    this.#waiting.push(line);
    this.#waitingCharacters += line.length;
    if (this.lastLevel >= warning || this.#waitingCharacters >= waitingCharactersMax) this.flushSync();
    else this.#timer ??= setTimeout(() => this.flushSync(), waitMs).unref();
  }

  /** What waits is written before it returns. */
  flushSync(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#waiting.length === 0) return;
    const text = this.#waiting.join("");
    this.#waiting = [];
    this.#waitingCharacters = 0;
    this.#file.write(text);
  }
}
