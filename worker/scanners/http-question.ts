import type { ClientRequest, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { errorWords, failed } from "./scan-words.ts";
import type { ScanFailure } from "./scanner.ts";
import { connectTimeLimitMs } from "./scanner-connection.ts";

/** The body of an answer over HTTP, in bytes. */
export const httpAnswerBytesMax = 1024 * 1024;
/** Its head, in bytes. */
export const httpHeadBytesMax = 16 * 1024;
/** Answers of HTTP 1xx before it. */
export const interimAnswersMax = 10;

export type HttpAnswer = { status: number; server: string; body: string };
/** `isStale`: the connection was a kept one, and dead before the scanner took the question. */
type AnswerTaker = (answer: HttpAnswer | ScanFailure, isStale: boolean) => void;

/** One request under way, and its answer, within caps. Calls back once, unless it was cancelled before. */
export class HttpQuestion {
  readonly #request: ClientRequest;
  readonly #content: Readable | null;
  readonly #done: AnswerTaker;
  #isOver = false;
  #isConnected = false;
  #hasHeard = false;
  #interimAnswers = 0;

  /** Sends the content, or none. */
  constructor(request: ClientRequest, content: AsyncIterable<Uint8Array> | null, done: AnswerTaker) {
    this.#request = request;
    this.#content = content === null ? null : Readable.from(content);
    this.#done = done;
    request.on("socket", (socket) => this.#limitConnecting(socket));
    request.on("error", (error: NodeJS.ErrnoException) => this.#break(error));
    request.on("information", () => this.#noteInterim());
    request.on("response", (response) => this.#gather(response));
    if (this.#content === null) request.end();
    this.#content?.on("error", ({ message }) => this.#fail("unreadable", `the content cannot be read: ${message}`));
    this.#content?.pipe(request);
  }

  /** Cuts the connection, unless the answer is there. */
  cancel(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#content?.destroy();
    this.#request.destroy();
  }

  #limitConnecting(socket: Socket): void {
    this.#isConnected = !socket.connecting;
    if (this.#isConnected) return;
    const words = `no connection within ${connectTimeLimitMs} ms`;
    const timer = setTimeout(() => this.#fail("unreachable", words), connectTimeLimitMs);
    socket.once("connect", () => {
      this.#isConnected = true;
    });
    for (const event of ["connect", "close"]) socket.once(event, () => clearTimeout(timer));
  }

  #break(error: NodeJS.ErrnoException): void {
    const isCut = error.code === "ECONNRESET" || error.code === "EPIPE";
    const failure = failed(this.#isConnected ? "protocol" : "unreachable", errorWords(error));
    this.#finish(failure, isCut && this.#request.reusedSocket && !this.#hasHeard);
  }

  #noteInterim(): void {
    if (++this.#interimAnswers > interimAnswersMax) this.#fail("protocol", "interim answers without end");
  }

  #gather(response: IncomingMessage): void {
    const pieces: Buffer[] = [];
    let bytes = 0;
    this.#hasHeard = true;
    response.on("data", (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > httpAnswerBytesMax) this.#fail("protocol", `an answer of more than ${httpAnswerBytesMax} bytes`);
      else pieces.push(piece);
    });
    response.on("error", (error) => this.#fail("protocol", errorWords(error)));
    response.on("end", () => {
      const { statusCode: status = 0, headers } = response;
      this.#finish(
        { status, server: String(headers["server"] ?? ""), body: Buffer.concat(pieces).toString("utf8") },
        false,
      );
    });
  }

  #fail(why: ScanFailure["why"], words: string): void {
    this.#finish(failed(why, words), false);
  }

  #finish(answer: HttpAnswer | ScanFailure, isStale: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#content?.destroy();
    // An answer before the end of the question: the connection is not used again.
    if ("result" in answer || !this.#request.writableFinished) this.#request.destroy();
    this.#done(answer, isStale);
  }
}
