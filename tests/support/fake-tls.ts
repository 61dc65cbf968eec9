import type { Socket } from "node:net";
import { createSecureContext, type SecureContextOptions, TLSSocket } from "node:tls";

/** TLS of a fake server. `implicit`: from the first byte. `injected`: clear bytes that follow its yes to STARTTLS or STLS in the same packet. */
export type FakeTls = {
  cert: string;
  key: string;
  implicit?: boolean;
  injected?: string;
  options?: SecureContextOptions;
};

/** The server's side of TLS on a socket that nobody reads from. */
export function secured(socket: Socket, { cert, key, options }: FakeTls): TLSSocket {
  const encrypted = new TLSSocket(socket, {
    isServer: true,
    secureContext: createSecureContext({ cert, key, ...options }),
  });
  encrypted.on("error", () => socket.destroy());
  encrypted.on("_tlsError", () => socket.destroy());
  return encrypted;
}
