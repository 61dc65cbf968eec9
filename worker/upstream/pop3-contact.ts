import { shortLived } from "../net/short-lived.ts";
import type { UpstreamTls } from "../tls/client-tls.ts";
import { openSocket, type Place, placeName } from "./place.ts";
import { askCapabilities } from "./pop3-capabilities.ts";
import { Pop3Connection, type ServerLimits } from "./pop3-connection.ts";
import { statusSink } from "./status-sink.ts";

/** A server that greeted with +OK, on a connection that has the TLS its route asks for, before any login. */
export class Pop3Contact {
  readonly connection: Pop3Connection;
  readonly host: string;
  readonly port: number;
  /** The text of its greeting. */
  readonly banner: string;
  readonly #noted: (lines: readonly string[] | null) => void;
  #capabilities: readonly string[] | null | undefined;

  /** `noted` hears what CAPA said, once. */
  constructor(
    connection: Pop3Connection,
    place: Place,
    banner: string,
    noted: (lines: readonly string[] | null) => void,
  ) {
    this.connection = connection;
    this.host = place.host;
    this.port = place.port;
    this.banner = banner;
    this.#noted = noted;
  }

  /** Version and cipher, or null: clear text. */
  get tls(): string | null {
    return this.connection.tls;
  }

  /**
   * The lines of CAPA as they are before a login, inside TLS where there is TLS (RFC 2595 §4); null: the server knows no CAPA. Asked once,
   * when somebody wants to know first, and only while no response is due. May call back before it returns; not when the connection is lost.
   */
  capabilities(done: (lines: readonly string[] | null) => void): void {
    if (this.#capabilities !== undefined) return done(this.#capabilities);
    askCapabilities(this.connection, ({ ok }, lines) => {
      this.#capabilities = ok ? lines : null;
      this.#noted(this.#capabilities);
      done(this.#capabilities);
    });
  }
}

export type ContactFailure = {
  /** `host:port`. */
  readonly target: string;
  readonly message: string;
  /** timeout: it was waited for in vain. tls: the TLS that the route asks for cannot be had, or not in time. refused: anything else. */
  readonly kind: "timeout" | "tls" | "refused";
};

export type ContactTerms = {
  place: Place;
  /** The local address to connect from; null: the system's choice. */
  sourceAddress: string | null;
  tls: UpstreamTls | null;
  /** Until the connection stands, the server has greeted, and TLS is spoken. */
  connectTimeoutMs: number;
  replyTimeoutMs: number;
  limits: ServerLimits;
  /** Told what CAPA said, whenever it is asked. */
  noted(lines: readonly string[] | null): void;
  /** The connection is over: exactly once. */
  ended(): void;
  /** A defect of ours. */
  fault(error: unknown): void;
};

/** An attempt under way. */
export interface Pop3Attempt {
  /** Forgets it: nobody is called back any more. */
  cancel(): void;
}

type Reached = (failure: ContactFailure | null, contact: Pop3Contact | null) => void;

/**
 * Connects to one server until it has greeted with +OK and speaks the TLS asked for. One that says anything else is left alone: it never
 * hears a name or a password. `done` is called once, never before this returns.
 */
export function reachServer(terms: ContactTerms, done: Reached): Pop3Attempt {
  const approach = new Approach(terms, done);
  return { cancel: () => approach.cancel() };
}

const handshakeEnd = "end of the TLS handshake";

class Approach {
  readonly #terms: ContactTerms;
  readonly #connection: Pop3Connection;
  readonly #timer: NodeJS.Timeout;
  #done: Reached | null;
  #awaited = "connection";
  #banner = "";

  constructor(terms: ContactTerms, done: Reached) {
    const { place, connectTimeoutMs, limits, tls } = terms;
    this.#terms = terms;
    this.#done = done;
    this.#timer = setTimeout(() => {
      const kind = this.#awaited === handshakeEnd ? "tls" : "timeout";
      this.#fail(kind, `no ${this.#awaited} within ${connectTimeoutMs} ms`);
    }, connectTimeoutMs);
    const socket = openSocket(place, terms.sourceAddress);
    const target = placeName(place);
    const { ended } = terms;
    this.#connection = new Pop3Connection(socket, { target, limits, replyTimeoutMs: connectTimeoutMs, ended });
    this.#connection.onLost = shortLived((reason) => this.#fail("refused", reason));
    this.#connection.onFault = shortLived((error) => {
      terms.fault(error);
      this.#fail("refused", "a fault of ours");
    });
    socket.once("connect", () => {
      // RFC 8314 §3: TLS from the first byte.
      if (tls?.settings.mode === "implicit") this.#secure(tls, () => this.#greet());
      else this.#awaited = "greeting";
    });
    if (tls?.settings.mode !== "implicit") this.#greet();
  }

  cancel(): void {
    this.#done = null;
    clearTimeout(this.#timer);
    this.#connection.destroy();
  }

  #greet(): void {
    if (this.#connection.tls !== null) this.#awaited = "greeting";
    this.#connection.expectGreeting(
      statusSink(({ ok, text }) => {
        if (!ok) return this.#fail("refused", `refused: -ERR ${text}`);
        this.#banner = text;
        this.#choose();
      }),
    );
  }

  /** RFC 2595 §4: STLS where the route asks for it. */
  #choose(): void {
    const { tls } = this.#terms;
    if (tls === null || this.#connection.tls !== null || tls.settings.mode === "none") return this.#ready();
    if (tls.settings.mode !== "preferred") return this.#stls(tls);
    // Some servers take an unknown command ill: they are asked first.
    this.#awaited = "answer to CAPA";
    askCapabilities(this.#connection, (_status, lines) => {
      if (lines.some((line) => /^STLS$/i.test(line))) this.#stls(tls);
      else this.#ready();
    });
  }

  #stls(tls: UpstreamTls): void {
    this.#awaited = "answer to STLS";
    this.#connection.request(
      "STLS\r\n",
      false,
      statusSink(({ ok, text }) => {
        if (ok) return this.#secure(tls, () => this.#ready());
        if (tls.settings.mode === "preferred") return this.#ready();
        this.#fail("tls", `the server refuses STLS, and the route requires TLS: -ERR ${text}`);
      }),
    );
  }

  #secure(tls: UpstreamTls, then: () => void): void {
    this.#awaited = handshakeEnd;
    this.#connection.startTls(tls, this.#terms.place.host, (failure) => {
      if (failure === null) then();
      else this.#fail("tls", failure);
    });
  }

  #ready(): void {
    const { place, replyTimeoutMs, noted } = this.#terms;
    this.#connection.onLost = null;
    this.#connection.onFault = null;
    this.#connection.replyTimeoutMs = replyTimeoutMs;
    this.#settle(null, new Pop3Contact(this.#connection, place, this.#banner, noted));
  }

  #fail(kind: ContactFailure["kind"], message: string): void {
    this.#connection.destroy();
    this.#settle({ target: placeName(this.#terms.place), message, kind }, null);
  }

  #settle(failure: ContactFailure | null, contact: Pop3Contact | null): void {
    const done = this.#done;
    this.#done = null;
    clearTimeout(this.#timer);
    done?.(failure, contact);
  }
}
