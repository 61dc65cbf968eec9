import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import type { Logger } from "pino";
import { parseJson } from "#core/text/parse-json.ts";
import { CannotBind } from "../net/bind-problem.ts";
import { streamOf } from "../quarantine/content-stream.ts";
import type { ContentSource } from "../quarantine/quarantine.ts";
import { bearerCheck } from "./bearer-token.ts";
import { type ControlAnswer, errorAnswer } from "./control-answer.ts";
import type { ControlRoute } from "./control-routes.ts";
import { BodyTooLarge, readBody } from "./read-body.ts";

const headersTimeoutMs = 10_000;
const requestTimeoutMs = 60_000;
const connectionsMax = 100;

/** The HTTP server through which the console pushes policies and commands. */
export class ControlServer {
  readonly #routes: ReadonlyMap<string, ControlRoute>;
  readonly #isAllowed: (authorization: string | undefined) => boolean;
  readonly #log: Logger;
  readonly #server: Server;

  constructor(options: { token: string; routes: ReadonlyMap<string, ControlRoute>; log: Logger }) {
    this.#routes = options.routes;
    this.#isAllowed = bearerCheck(options.token);
    this.#log = options.log;
    const limits = { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs };
    this.#server = createServer(limits, (request, response) => void this.#handle(request, response));
    this.#server.maxConnections = connectionsMax;
  }

  /** Resolves with the bound port; rejects with CannotBind. */
  listen(address: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void => reject(new CannotBind("control: ", { address, port }, error));
      this.#server.once("error", failed);
      this.#server.listen(port, address, () => {
        this.#server.removeListener("error", failed);
        const bound = this.#server.address();
        resolve(typeof bound === "object" && bound !== null ? bound.port : port);
      });
    });
  }

  /** Stops accepting; requests under way are answered. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeIdleConnections();
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#answer(request).catch((error: unknown) => {
      if (error instanceof BodyTooLarge) return errorAnswer("too-large", "the body is larger than this request may be");
      this.#log.error({ err: error, url: request.url }, "a control request failed");
      return {
        status: 500,
        body: { error: { code: "bad-request", message: "the worker failed; its log tells why", problems: [] } },
      };
    });
    // What was not read of the body would be taken for the next request.
    if (!request.complete) response.setHeader("connection", "close");
    if ("content" in answer) this.#stream(answer.content, response);
    else sendJson(answer.status, answer.body, response);
  }

  #stream(content: ContentSource, response: ServerResponse): void {
    response.writeHead(200, {
      "content-type": "application/octet-stream",
      "content-length": content.bytes,
      "cache-control": "no-store",
    });
    // What ends early leaves an answer that is shorter than it said: its reader knows.
    pipeline(streamOf(content), response, (error) => {
      if (error) this.#log.error({ err: error }, "content could not be given out whole");
    });
  }

  async #answer(request: IncomingMessage): Promise<ControlAnswer> {
    if (!this.#isAllowed(request.headers.authorization))
      return errorAnswer("unauthorized", "a valid bearer token is needed");
    const url = URL.canParse(request.url ?? "", "http://worker") ? new URL(request.url ?? "", "http://worker") : null;
    const route = url === null ? undefined : this.#routes.get(url.pathname);
    if (url === null || route === undefined || route.method !== request.method) {
      return errorAnswer("not-found", "there is no such request");
    }
    if (route.bodyBytesMax === 0) return await route.answer(null, url.searchParams);
    const text = await readBody(request, route.bodyBytesMax);
    const body = parseJson(text);
    if (body === null) return errorAnswer("bad-request", "the body is not JSON");
    return await route.answer(body, url.searchParams);
  }
}

function sendJson(status: number, answer: unknown, response: ServerResponse): void {
  const body = JSON.stringify(answer);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
  });
  response.end(body);
}
