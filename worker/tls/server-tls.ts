import { constants } from "node:crypto";
import type { Duplex } from "node:stream";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import type { Protocol } from "#core/contract/facts.ts";
import type { ListenTls } from "#core/contract/tls.ts";
import type { LoadedCertificate } from "./certificate-store.ts";
import type { Secured } from "./client-tls.ts";
import { tlsProfiles } from "./tls-profile.ts";
import { tlsWords } from "./tls-words.ts";

/** Until the handshake of a client must be done, in milliseconds. */
export const handshakeMsMax = 30_000;
export const clientLeft = "the client closed the connection during the TLS handshake";

export type FindCertificate = (name: string) => LoadedCertificate | null;

/** What a POP3 session uses of the TLS of its listener. */
export type ListenerTls = { readonly settings: ListenTls; start(raw: Duplex, done: Secured): Duplex };

/** TLS of one listener. Its contexts are its own: a session ticket is of no use at another listener. */
export class ServerTls {
  readonly settings: ListenTls;
  readonly #protocol: Protocol;
  readonly #find: FindCertificate;
  readonly #contexts = new Map<string, { loaded: LoadedCertificate; context: SecureContext }>();

  /** `protocol`: what is spoken inside, by its name in ALPN (RFC 7301 §6). */
  constructor(settings: ListenTls, protocol: Protocol, find: FindCertificate) {
    this.settings = settings;
    this.#protocol = protocol;
    this.#find = find;
  }

  /** Starts TLS on a socket whose data nobody else reads. Calls back once; after a failure the socket is destroyed. */
  start(raw: Duplex, done: Secured): TLSSocket {
    const [first = ""] = this.settings.certificates;
    const context = this.#context(first);
    const socket = new TLSSocket(raw, {
      isServer: true,
      ...(context === null ? {} : { secureContext: context }),
      SNICallback: (name, chosen) => {
        try {
          chosen(null, this.#named(name) ?? undefined);
        } catch (error) {
          chosen(error instanceof Error ? error : new Error(String(error)));
        }
      },
      // Another protocol's client is told no_application_protocol (RFC 7301 §3.2): it was led here (ALPACA).
      ALPNProtocols: [this.#protocol],
    });
    let settled = false;
    const settle = (failure: string | null): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      done(failure, failure === null ? tlsWords(socket) : null);
      if (failure !== null) socket.destroy();
    };
    const failed = (error: NodeJS.ErrnoException): void => {
      settle(`the TLS handshake failed: ${error.code ?? error.message}`);
      // A broken record later on is told this way too.
      socket.destroy();
    };
    const timer = setTimeout(() => settle("the TLS handshake took too long"), handshakeMsMax);
    socket.on("error", failed);
    socket.on("_tlsError", failed);
    socket.once("end", () => settle(clientLeft));
    socket.once("close", () => settle(clientLeft));
    socket.once("secure", () => settle(null));
    return socket;
  }

  /** The listener's certificate for a name, or null: the first one then. */
  #named(serverName: string): SecureContext | null {
    const name = this.settings.certificates.find((one) => this.#find(one)?.leaf.checkHost(serverName) !== undefined);
    return name === undefined ? null : this.#context(name);
  }

  #context(name: string): SecureContext | null {
    const known = this.#contexts.get(name);
    const loaded = this.#find(name) ?? known?.loaded;
    if (loaded === undefined) return null;
    if (known?.loaded === loaded) return known.context;
    const { minVersion, ciphers } = tlsProfiles[this.settings.profile];
    const { cert, key } = loaded;
    const context = createSecureContext({
      cert,
      key,
      minVersion,
      ...(ciphers === null ? {} : { ciphers, dhparam: "auto" as const }),
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    });
    this.#contexts.set(name, { loaded, context });
    return context;
  }
}
