import type { SmtpRoute } from "#core/contract/policy-document.ts";
import { shortLived } from "../net/short-lived.ts";
import type { LeasedConnection, LeaseTaker, SmtpLeases } from "../upstream/smtp-transaction.ts";
import { UpstreamError } from "../upstream/upstream-error.ts";

/**
 * The connection on which a client logged in: it carries this session's messages for its route, one after the other, and never goes
 * back into the pool. Other routes are served by the pool. Its session ends it with `close`.
 */
export class BoundUpstream implements SmtpLeases {
  readonly #pool: SmtpLeases;
  readonly #routeName: string;
  readonly #connection: LeasedConnection;
  #state: "free" | "leased" | "lost" = "free";
  /** The session has left it: what is under way on it ends it. */
  #isLeft = false;
  /** Comes before the server's answer to the RSET of the message before; a session has one message at a time. */
  #waiting: LeaseTaker | null = null;

  /** `connection` is leased from the pool, and nothing waits on it. */
  constructor(pool: SmtpLeases, route: SmtpRoute, connection: LeasedConnection) {
    this.#pool = pool;
    this.#routeName = route.name;
    this.#connection = connection;
    this.release(connection);
  }

  /** Whoever logged in on it is no longer logged in. */
  get isLost(): boolean {
    return this.#state === "lost";
  }

  /** Version and cipher of the connection, or null: clear text. */
  get tls(): string | null {
    return this.#connection.tls;
  }

  serves({ name }: SmtpRoute): boolean {
    return name === this.#routeName;
  }

  lease(route: SmtpRoute, domain: string, done: LeaseTaker, fresh = false): void {
    if (!this.serves(route)) return this.#pool.lease(route, domain, done, fresh);
    // A fresh one would not be logged in.
    if (this.#state === "lost" || this.#isLeft || fresh || this.#waiting !== null) return done(this.#lostError(), null);
    if (this.#state === "free") this.#hand(done);
    else this.#waiting = done;
  }

  release(connection: LeasedConnection): void {
    if (connection !== this.#connection) return this.#pool.release(connection);
    connection.onDrain = null;
    if (connection.closed || this.#isLeft) return this.#cut();
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) return this.#hand(waiting);
    this.#state = "free";
    connection.onLost = shortLived(() => this.#cut());
  }

  drop(connection: LeasedConnection): void {
    if (connection !== this.#connection) return this.#pool.drop(connection);
    this.#cut();
  }

  /** A message whose final dot was passed on is answered first, whether its client is there or not. May be called twice. */
  close(): void {
    this.#isLeft = true;
    if (this.#state !== "leased") this.#cut();
  }

  #cut(): void {
    if (this.#state === "lost") return;
    this.#state = "lost";
    const waiting = this.#waiting;
    this.#waiting = null;
    this.#pool.drop(this.#connection);
    waiting?.(this.#lostError(), null);
  }

  #hand(done: LeaseTaker): void {
    this.#state = "leased";
    this.#connection.onLost = null;
    done(null, this.#connection);
  }

  #lostError(): UpstreamError {
    return new UpstreamError("lost", this.#connection.target, "the connection of the login is gone");
  }
}
