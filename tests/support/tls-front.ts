import { type AddressInfo, connect, type Socket } from "node:net";
import { createServer, type Server } from "node:tls";
import type { TestCertificate } from "./test-authority.ts";

/** TLS from the first byte, before a server on loopback that has none. */
export class TlsFront {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(certificate: TestCertificate, portBehind: number) {
    this.#server = createServer(certificate, (client) => {
      const behind = connect(portBehind, "127.0.0.1");
      for (const socket of [client, behind]) {
        this.#sockets.add(socket);
        socket.once("close", () => this.#sockets.delete(socket));
        socket.on("error", () => socket.destroy());
      }
      client.pipe(behind).pipe(client);
    });
  }

  /** Its port. */
  async listen(): Promise<number> {
    await new Promise<void>((listening) => this.#server.listen(0, "127.0.0.1", listening));
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((stopped) => this.#server.close(stopped));
  }
}
