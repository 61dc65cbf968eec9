import type { SmtpCapabilities } from "#core/smtp/capabilities.ts";
import { loginPauseMs } from "../credentials/login-pauses.ts";
import { placeName } from "./place.ts";
import { SmtpConnection, type SmtpConnectionOptions } from "./smtp-connection.ts";
import { TargetHealth, type TargetStatus } from "./target-health.ts";
import { UpstreamError } from "./upstream-error.ts";

/** Connections to one target at once; who comes then waits for one to be given back. */
export const connectionsPerTargetMax = 500;
/** Leases that wait; the next one is told that the target is unreachable. */
export const waitersPerTargetMax = 2_000;
/** Idle connections kept warm for the next message. */
export const warmPerTargetMax = 50;
/** A warm connection is left after this: well below the five minutes that servers wait (RFC 5321 §4.5.3.2.7). */
export const warmMs = 30_000;

export type LeaseTaker = (error: UpstreamError | null, connection: SmtpConnection | null) => void;
/** `fresh`: not a connection that was used before. `watched`: health checks find out when it is up again; until then it is passed over. */
export type TakeTerms = { connectTimeoutMs: number; fresh: boolean; watched: boolean };

type Waiter = { done: LeaseTaker; deadline: number; terms: TakeTerms };
type TargetOptions = Omit<SmtpConnectionOptions, "connectTimeoutMs"> & {
  connectionsMax: number;
  /** For what is told to people; `now` is for deadlines and is never set. */
  wallClock(): number;
  /** A callback of who holds a connection or waits for one threw. */
  fault(error: unknown): void;
};

/** The connections to one place with one set of settings: those in use, those kept warm, and who waits for one. */
export class SmtpTarget {
  readonly #options: TargetOptions;
  readonly #all = new Set<SmtpConnection>();
  readonly #warm: SmtpConnection[] = [];
  readonly #waiters: Waiter[] = [];
  /** Not to be used again: they logged in with what is no longer right. */
  readonly #stale = new WeakSet<SmtpConnection>();
  #capabilities: SmtpCapabilities | null = null;
  #strippedKeywords: readonly string[] = [];
  readonly #health: TargetHealth<UpstreamError>;
  #login: { state: "untried" | "proven" } | { state: "refused"; until: number; waitMs: number; error: UpstreamError };
  #connecting = 0;
  #probing = false;

  constructor(options: TargetOptions) {
    this.#options = options;
    this.#health = new TargetHealth(options.wallClock);
    this.#login = { state: options.login === null ? "proven" : "untried" };
  }

  /** What it offered last; null when never reached, or when the last attempt failed. */
  get capabilities(): SmtpCapabilities | null {
    return this.#capabilities;
  }

  get isUnused(): boolean {
    return this.#all.size === 0 && this.#waiters.length === 0;
  }

  /** Milliseconds since 1970 of the last sign of life or failure; null: never tried. */
  get checkedAt(): number | null {
    return this.#health.checkedAt;
  }

  status(): TargetStatus {
    return {
      target: placeName(this.#options.place),
      ...this.#health.status(this.#refusedLogin),
      connections: this.#all.size,
      strippedKeywords: [...this.#strippedKeywords],
    };
  }

  /** A ready connection, or why there is none. */
  take(terms: TakeTerms, done: LeaseTaker): void {
    const warm = terms.fresh ? undefined : this.#warm.pop();
    if (warm !== undefined) return this.#hand(warm, done);
    const refusal = this.#refusal(terms);
    if (refusal !== null) return done(refusal, null);
    if (this.#mayConnect) return this.#connect(terms.connectTimeoutMs, done);
    if (this.#waiters.length === waitersPerTargetMax) return done(this.#error("every connection is in use"), null);
    this.#waiters.push({ done, terms, deadline: this.#options.now() + terms.connectTimeoutMs });
  }

  /** Takes back a connection on which no transaction is open. */
  give(connection: SmtpConnection): void {
    connection.onDrain = null;
    if (connection.closed) return this.#forget(connection);
    this.#noteAlive(connection);
    if (this.#stale.has(connection) || connection.isUsedUp || connection.isTainted) {
      this.#leave(connection);
      return this.#serveWaiters();
    }
    const [next] = this.#waiters;
    if (next?.terms.fresh === true) {
      this.#leave(connection);
      return this.#serveWaiters();
    }
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
    this.#serveWaiters();
  }

  /** Sees whether it greets, without logging in, and calls back once. Null: it does, no login was refused, or every connection is in use. */
  check(connectTimeoutMs: number, done: (error: UpstreamError | null) => void): void {
    if (this.#all.size >= this.#options.connectionsMax) return done(null);
    const options = { ...this.#options, connectTimeoutMs, login: null };
    this.#open(options, (error, connection) => {
      this.#leave(connection ?? undefined);
      done(error ?? this.#refusedLogin);
      this.#serveWaiters();
    });
  }

  /** What we log in with is another now: who logged in before is not used again, and a login that was refused is tried anew. */
  renewLogin(): void {
    if (this.#options.login === null) return;
    this.#login = { state: "untried" };
    for (const connection of this.#all) this.#stale.add(connection);
    for (const connection of this.#warm.splice(0)) this.#leave(connection);
    this.#serveWaiters();
  }

  tick(now: number): void {
    for (const connection of this.#all) connection.checkDeadline(now);
    for (let [oldest] = this.#warm; now - (oldest?.idleSince ?? now) > warmMs; [oldest] = this.#warm) {
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

  get #refusedLogin(): UpstreamError | null {
    return this.#login.state === "refused" ? this.#login.error : null;
  }

  /** Until a login went well, one at a time: a wrong password is told once, not by everyone who waits. */
  get #mayConnect(): boolean {
    if (this.#login.state !== "proven" && this.#connecting > 0) return false;
    return this.#all.size < this.#options.connectionsMax;
  }

  /** Why no connection is tried now; null: one may be. */
  #refusal({ connectTimeoutMs, watched }: TakeTerms): UpstreamError | null {
    if (this.#login.state === "refused" && this.#options.now() < this.#login.until) return this.#login.error;
    const down = this.#health.passedOver(watched);
    if (down !== null && this.#health.isProbeDue) this.#probe(connectTimeoutMs);
    return down;
  }

  #connect(connectTimeoutMs: number, done: LeaseTaker): void {
    this.#connecting++;
    this.#open({ ...this.#options, connectTimeoutMs }, (error, connection) => {
      this.#connecting--;
      if (connection !== null) {
        if (this.#options.login !== null && !this.#stale.has(connection)) this.#login = { state: "proven" };
        this.#hand(connection, done);
      } else done(error, null);
      this.#serveWaiters();
    });
  }

  /** Opens a connection and takes note of what that tells about the server. */
  #open(options: SmtpConnectionOptions, done: LeaseTaker): void {
    const connection = new SmtpConnection(
      options,
      () => {
        this.#noteAlive(connection);
        done(null, connection);
      },
      (error) => {
        this.#forget(connection);
        // RFC 7435 §3: opportunistic; a broken handshake must not keep the mail from going.
        if (error.kind === "tls" && options.tls?.settings.mode === "preferred") {
          return this.#open({ ...options, tls: null }, done);
        }
        if (error.kind === "auth") this.#noteRefusedLogin(error, connection);
        else this.#noteFailure(error);
        done(error, null);
      },
    );
    this.#all.add(connection);
  }

  #noteAlive({ capabilities }: SmtpConnection): void {
    this.#health.alive();
    this.#capabilities = capabilities;
    this.#strippedKeywords = capabilities.strippedKeywords;
  }

  #noteFailure(error: UpstreamError): void {
    this.#capabilities = null;
    this.#health.failed(error, error.kind === "timeout" || error.kind === "tls");
  }

  #noteRefusedLogin(error: UpstreamError, connection: SmtpConnection): void {
    // What it logged in with is not what we have now.
    if (this.#stale.has(connection)) return;
    const now = this.#options.now();
    const { first, max } = loginPauseMs;
    this.#health.heard();
    this.#capabilities = null;
    // Several may have been under way when the first was refused: that is one refusal.
    if (this.#login.state === "refused" && now < this.#login.until) return;
    const waitMs = this.#login.state === "refused" ? Math.min(this.#login.waitMs * 2, max) : first;
    this.#login = { state: "refused", until: now + waitMs, waitMs, error };
  }

  /** While it counts as down: sees whether it is back, without anyone waiting. */
  #probe(connectTimeoutMs: number): void {
    if (this.#probing || !this.#mayConnect) return;
    this.#probing = true;
    this.#connect(connectTimeoutMs, (_error, connection) => {
      this.#probing = false;
      if (connection !== null) this.give(connection);
    });
  }

  #serveWaiters(): void {
    while (this.#mayConnect) {
      const waiter = this.#waiters.shift();
      if (waiter === undefined) return;
      this.take(waiter.terms, waiter.done);
    }
  }

  #hand(connection: SmtpConnection, done: LeaseTaker): void {
    connection.onLost = null;
    connection.idleSince = null;
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
    return new UpstreamError("unreachable", placeName(this.#options.place), message);
  }
}
