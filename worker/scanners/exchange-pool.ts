import type { Exchange, ExchangeTaker } from "./exchange.ts";
import { failed } from "./scan-words.ts";
import { ScannerConnection, type ScannerPlace } from "./scanner-connection.ts";

/** The connections to one scanner: as many as there are exchanges at once, and kept warm for the next ones. */
export class ExchangePool {
  readonly #at: ScannerPlace;
  readonly #all = new Set<ScannerConnection>();
  readonly #warm: ScannerConnection[] = [];
  #closed = false;

  constructor(at: ScannerPlace) {
    this.#at = at;
  }

  /**
   * Asks, and once more on a new connection where a warm one turns out to be dead. `make` is called for each attempt. Calls back once,
   * unless the function that it gives was called before: that cuts the connection.
   */
  ask<T>(make: () => Exchange<T>, done: ExchangeTaker<T>): () => void {
    let connection: ScannerConnection | null = null;
    let isOver = false;
    const attempt = (from: ScannerConnection): void => {
      connection = from;
      from.carry(make(), (answer) => {
        if (isOver) return;
        if (answer === null && !this.#closed) return attempt(this.#open());
        isOver = true;
        this.#give(from);
        done(answer ?? failed("unreachable", "the connection was lost"));
      });
    };
    attempt(this.#warm.pop() ?? this.#open());
    return () => {
      if (isOver) return;
      isOver = true;
      connection?.destroy();
    };
  }

  /** Those that are not in use end now, the others after what they do. */
  close(): void {
    this.#closed = true;
    for (const connection of [...this.#warm]) connection.destroy();
  }

  get size(): number {
    return this.#all.size;
  }

  #open(): ScannerConnection {
    const connection = new ScannerConnection(this.#at);
    this.#all.add(connection);
    connection.onClose = () => {
      this.#all.delete(connection);
      const index = this.#warm.indexOf(connection);
      if (index !== -1) this.#warm.splice(index, 1);
    };
    return connection;
  }

  #give(connection: ScannerConnection): void {
    if (connection.isClosed) return;
    if (this.#closed) connection.destroy();
    else this.#warm.push(connection);
  }
}
