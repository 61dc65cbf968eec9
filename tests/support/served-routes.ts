import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

type Route = (request: Request) => Promise<Response>;

/** Route handlers behind a real HTTP server on loopback, by `GET /path`; the address of the client is as Next tells it. */
export class ServedRoutes {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(routes: Readonly<Record<string, Route>>): Promise<ServedRoutes> {
    const server = createServer(async (incoming, outgoing) => {
      const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
      const route = routes[`${incoming.method} ${url.pathname}`];
      if (route === undefined) return outgoing.writeHead(404).end();
      const headers = new Headers({ "x-forwarded-for": incoming.socket.remoteAddress ?? "" });
      for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
      const body = incoming.method === "GET" ? null : await buffer(incoming);
      const answer = await route(new Request(url, { method: incoming.method ?? "GET", headers, body }));
      return outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    return new ServedRoutes(server);
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}
