import type { Socket } from "node:net";
import { type ProxyHeader, type ProxyHeaderFault, readProxyHeader } from "./proxy-header.ts";

/** How long a balancer may take to say whose connection it is, in milliseconds. */
export const proxyHeaderMsMax = 5_000;

/**
 * Reads the PROXY header that a balancer sends before anything else; the client's bytes behind it stay in the socket, unread.
 * Calls back exactly once: with null when the peer closed without a word (a balancer that only asks whether we listen).
 */
export function awaitProxyHeader(
  socket: Socket,
  done: (header: ProxyHeader | ProxyHeaderFault | null) => void,
  msMax = proxyHeaderMsMax,
): void {
  let bytes: Buffer = Buffer.alloc(0);
  const finish = (header: ProxyHeader | ProxyHeaderFault | null): void => {
    clearTimeout(timer);
    socket.removeListener("readable", read);
    socket.removeListener("end", closed);
    socket.removeListener("close", closed);
    done(header);
  };
  const read = (): void => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    const header = readProxyHeader(bytes);
    if (header === null) return;
    if ("length" in header && bytes.length > header.length) socket.unshift(bytes.subarray(header.length));
    finish(header);
  };
  const closed = (): void => finish(bytes.length === 0 ? null : { fault: "the connection ended in it" });
  const timer = setTimeout(() => finish({ fault: `it did not come in ${msMax} ms` }), msMax);
  socket.on("error", () => socket.destroy());
  socket.on("readable", read);
  socket.once("end", closed);
  socket.once("close", closed);
}
