import { constants, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import {
  connect,
  createSecureContext,
  DEFAULT_CIPHERS,
  getCACertificates,
  type SecureContext,
  type TLSSocket,
} from "node:tls";
import type { RouteTls } from "#core/contract/tls.ts";
import { tlsProfiles } from "./tls-profile.ts";
import { tlsWords } from "./tls-words.ts";

const { minVersion, ciphers } = tlsProfiles.intermediate;
const secureOptions = constants.SSL_OP_NO_RENEGOTIATION;

/** Exactly one is null: what was agreed on, or why the connection must not be used. */
export type Secured = (failure: string | null, agreed: string | null) => void;

/** What a connection to a server starts TLS with. */
export type UpstreamTls = { settings: RouteTls; client: ClientTls };

/** TLS with upstream servers. Trusts the authorities that Node.js ships and those that the configuration adds. */
export class ClientTls {
  readonly #trustedPem: string | null;
  #verifying: SecureContext | null = null;
  #unverified: SecureContext | null = null;
  #opportunistic: SecureContext | null = null;

  constructor(trustedPem: string | null) {
    this.#trustedPem = trustedPem;
  }

  /** Starts TLS on a connected socket whose data nobody else reads. Calls back once; after a failure the owner destroys the socket. */
  start(raw: Duplex, host: string, settings: RouteTls, done: Secured): TLSSocket {
    const name = settings.serverName ?? host;
    const verify = settings.mode === "preferred" ? "none" : settings.verify;
    const socket = connect({
      socket: raw,
      host: name,
      // RFC 6066 §3: an address is not a server name.
      ...(isIP(name) === 0 ? { servername: name } : {}),
      secureContext: this.#context(settings.mode, verify),
      rejectUnauthorized: verify === "ca",
    });
    const settle = (failure: string | null): void => {
      socket.removeListener("error", failed);
      socket.removeListener("close", closed);
      done(failure, failure === null ? tlsWords(socket) : null);
    };
    const failed = (error: NodeJS.ErrnoException): void => settle(failureWords(error, name));
    const closed = (): void => settle("the server closed the connection during the TLS handshake");
    socket.on("error", failed);
    socket.on("close", closed);
    socket.once("secureConnect", () => settle(socket.destroyed ? "destroyed" : this.#fault(socket, verify, settings)));
    return socket;
  }

  #fault(socket: TLSSocket, verify: RouteTls["verify"], { fingerprints }: RouteTls): string | null {
    if (verify === "none") return null;
    if (verify === "ca") return socket.authorized ? null : "the server's certificate is not verified";
    const { raw } = socket.getPeerCertificate();
    const found = raw === undefined ? "" : new X509Certificate(raw).fingerprint256.replaceAll(":", "").toLowerCase();
    return fingerprints.includes(found) ? null : `the server's certificate has another fingerprint: ${found}`;
  }

  #context(mode: RouteTls["mode"], verify: RouteTls["verify"]): SecureContext {
    if (mode === "preferred") {
      // RFC 7435: whatever the server can is better than clear text.
      this.#opportunistic ??= createSecureContext({ minVersion, ciphers: DEFAULT_CIPHERS, secureOptions });
      return this.#opportunistic;
    }
    if (verify !== "ca") {
      this.#unverified ??= createSecureContext({ minVersion, ciphers, secureOptions });
      return this.#unverified;
    }
    const added = this.#trustedPem === null ? {} : { ca: [...getCACertificates("default"), this.#trustedPem] };
    this.#verifying ??= createSecureContext({ minVersion, ciphers, secureOptions, ...added });
    return this.#verifying;
  }
}

const reasons: Record<string, string> = {
  CERT_HAS_EXPIRED: "has expired",
  CERT_NOT_YET_VALID: "is not valid yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: "is self-signed and not trusted",
  SELF_SIGNED_CERT_IN_CHAIN: "was issued by an authority that is not trusted",
  UNABLE_TO_GET_ISSUER_CERT: "was issued by an authority that is not trusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "was issued by an authority that is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "was issued by an authority that is not trusted",
};

function failureWords(error: NodeJS.ErrnoException, name: string): string {
  const code = error.code ?? "";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return `the server's certificate is not for ${name}`;
  const reason = reasons[code];
  if (reason !== undefined) return `the server's certificate ${reason} (${code})`;
  return `the TLS handshake failed: ${code === "" ? error.message : code}`;
}
