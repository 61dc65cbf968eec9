import type { SmtpCapabilities } from "#core/smtp/capabilities.ts";
import { SmtpConnection, type UpstreamTls } from "./smtp-connection.ts";
import { UpstreamError } from "./upstream-error.ts";

/** Connections to one target at once; who comes then waits for one to be given back. */
export const connectionsPerTargetMax = 500;
/** Leases that wait; the next one is told that the target is unreachable. */
export const waitersPerTargetMax = 2_000;
/** Idle connections kept warm for the next message. */
export const warmPerTargetMax = 50;
/** A warm connection is left after this: well below the five minutes that servers wait (RFC 5321 §4.5.3.2.7). */
export const warmMs = 30_000;
/** After a timeout or a TLS failure, how long leases are refused at once instead of waiting for the same timeout. One probe at a time goes on. */
export const downMemoryMs = 10_000;

export type LeaseTaker = (error: UpstreamError | null, connection: SmtpConnection | null) => void;
type Waiter = { done: LeaseTaker; deadline: number; connectTimeoutMs: number };
type TargetOptions = {
  host: string;
  port: number;
  ehloName: string;
  now(): number;
  connectionsMax: number;
  tls: UpstreamTls | null;
  /** A callback of who holds a connection or waits for one threw. */
  fault(error: unknown): void;
};

/** The connections to one `host:port` with one set of TLS settings: those in use, those kept warm, and who waits for one. */
export class SmtpTarget {
  readonly #options: TargetOptions;
  readonly #all = new Set<SmtpConnection>();
  readonly #warm: SmtpConnection[] = [];
  readonly #waiters: Waiter[] = [];
  #capabilities: SmtpCapabilities | null = null;
  #down: { until: number; error: UpstreamError } | null = null;
  #probing = false;

  constructor(options: TargetOptions) {
    this.#options = options;
  }

  /** What it offered last; null when never reached, or when the last attempt failed. */
  get capabilities(): SmtpCapabilities | null {
    return this.#capabilities;
  }

  get isUnused(): boolean {
    return this.#all.size === 0 && this.#waiters.length === 0;
  }

  /** A ready connection, or why there is none. `fresh`: not one that was used before. */
  take(connectTimeoutMs: number, fresh: boolean, done: LeaseTaker): void {
    const warm = fresh ? undefined : this.#warm.pop();
    if (warm !== undefined) return this.#hand(warm, done);
    const down = this.#down;
    if (down !== null && this.#options.now() < down.until) {
      this.#probe(connectTimeoutMs);
      return done(down.error, null);
    }
    if (this.#all.size < this.#options.connectionsMax) return this.#connect(connectTimeoutMs, done);
    if (this.#waiters.length === waitersPerTargetMax) return done(this.#error("every connection is in use"), null);
    this.#waiters.push({ done, connectTimeoutMs, deadline: this.#options.now() + connectTimeoutMs });
  }

  /** Takes back a connection on which no transaction is open. */
  give(connection: SmtpConnection): void {
    connection.onDrain = null;
    if (connection.closed) return this.#forget(connection);
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) return this.#hand(connection, waiter.done);
    connection.onLost = () => this.#forget(connection);
    connection.idleSince = this.#options.now();
    this.#warm.push(connection);
    if (this.#warm.length > warmPerTargetMax) this.#leave(this.#warm.shift());
  }

  /** The holder cut the connection or lost it. */
  drop(connection: SmtpConnection): void {
    connection.destroy();
    this.#forget(connection);
    this.#serveWaiter();
  }

  tick(now: number): void {
    for (const connection of this.#all) connection.checkDeadline(now);
    for (let oldest = this.#warm[0]; oldest !== undefined && now - oldest.idleSince > warmMs; oldest = this.#warm[0]) {
      this.#leave(this.#warm.shift());
    }
    for (let first = this.#waiters[0]; first !== undefined && now >= first.deadline; first = this.#waiters[0]) {
      this.#waiters.shift();
      first.done(this.#error("every connection is in use"), null);
    }
  }

  /** Cuts every connection; who holds one or waits for one is told. */
  close(): void {
    for (const waiter of this.#waiters.splice(0)) waiter.done(this.#error("the worker is stopping"), null);
    for (const connection of [...this.#all]) connection.fail("the worker is stopping");
    this.#all.clear();
    this.#warm.length = 0;
  }

  #connect(connectTimeoutMs: number, done: LeaseTaker, tls = this.#options.tls): void {
    const connection = new SmtpConnection(
      { ...this.#options, connectTimeoutMs, tls },
      () => {
        this.#capabilities = connection.capabilities;
        this.#down = null;
        this.#hand(connection, done);
      },
      (error) => {
        this.#forget(connection);
        // RFC 7435 §3: opportunistic; a broken handshake must not keep the mail from going.
        if (error.kind === "tls" && tls?.settings.mode === "preferred") {
          return this.#connect(connectTimeoutMs, done, null);
        }
        this.#capabilities = null;
        if (error.kind === "timeout" || error.kind === "tls")
          this.#down = { until: this.#options.now() + downMemoryMs, error };
        done(error, null);
        this.#serveWaiter();
      },
    );
    this.#all.add(connection);
  }

  /** While it counts as down: sees whether it is back, without anyone waiting. */
  #probe(connectTimeoutMs: number): void {
    if (this.#probing) return;
    this.#probing = true;
    this.#connect(connectTimeoutMs, (_error, connection) => {
      this.#probing = false;
      if (connection !== null) this.give(connection);
    });
  }

  #serveWaiter(): void {
    const waiter = this.#all.size < this.#options.connectionsMax ? this.#waiters.shift() : undefined;
    if (waiter !== undefined) this.take(waiter.connectTimeoutMs, false, waiter.done);
  }

  #hand(connection: SmtpConnection, done: LeaseTaker): void {
    connection.onLost = null;
    done(null, connection);
  }

  #leave(connection: SmtpConnection | undefined): void {
    if (connection === undefined) return;
    this.#all.delete(connection);
    connection.quit();
  }

  #forget(connection: SmtpConnection): void {
    this.#all.delete(connection);
    const index = this.#warm.indexOf(connection);
    if (index !== -1) this.#warm.splice(index, 1);
  }

  #error(message: string): UpstreamError {
    return new UpstreamError("unreachable", `${this.#options.host}:${this.#options.port}`, message, null, null);
  }
}
