import type { TLSSocket } from "node:tls";

/** What was agreed on, for records: `TLSv1.3 TLS_AES_256_GCM_SHA384`. */
export function tlsWords(socket: TLSSocket): string {
  return `${socket.getProtocol() ?? "TLS"} ${socket.getCipher().standardName}`;
}
