import { Agent, type ClientRequest, type IncomingMessage, type RequestOptions, request } from "node:http";
import { Readable } from "node:stream";
import { readRspamdAnswer } from "./rspamd-answer.ts";
import { rspamdHeaders } from "./rspamd-headers.ts";
import { contentOf } from "./scan-content.ts";
import { errorWords, failed, scannerText } from "./scan-words.ts";
import type { ScanEngine, ScanFailure, ScanResult, ScanSubject } from "./scanner.ts";
import { connectTimeLimitMs, type ScannerPlace, warmMs } from "./scanner-connection.ts";

/** rspamd's answer, in bytes; its head may have `headBytesMax`. */
export const rspamdAnswerBytesMax = 1024 * 1024;
const headBytesMax = 16 * 1024;

type Heard = { status: number; server: string; body: string };
type HeardTaker = (heard: Heard | ScanFailure) => void;
type Question = Pick<RequestOptions, "method" | "path" | "headers"> & { subject: ScanSubject | null };

/** rspamd, by HTTP over TCP or a Unix socket, on connections that are kept. */
export class RspamdEngine implements ScanEngine {
  readonly signaturesAt = null;
  readonly connectionsAllowed = null;
  readonly #agent = new Agent({ keepAlive: true, timeout: warmMs });
  readonly #place: RequestOptions;
  #version: string | null = null;

  constructor(at: ScannerPlace) {
    this.#place = "socket" in at ? { socketPath: at.socket } : { host: at.host, port: at.port };
  }

  get version(): string | null {
    return this.#version;
  }

  /** What it says depends on the envelope and on what it has learned. */
  verdictKey(): null {
    return null;
  }

  ask(subject: ScanSubject, done: (result: ScanResult) => void): () => void {
    const question = { method: "POST", path: "/checkv2", headers: rspamdHeaders(subject), subject };
    return this.#send(question, (heard) => {
      done("result" in heard ? heard : readRspamdAnswer(heard.status, heard.body));
    });
  }

  check(done: (failure: ScanFailure | null) => void): () => void {
    return this.#send({ method: "GET", path: "/ping", headers: {}, subject: null }, (heard) => {
      if ("result" in heard) return done(heard);
      if (heard.status !== 200) return done(failed("protocol", `rspamd answers with HTTP ${heard.status}`));
      this.#version = scannerText(heard.server);
      done(null);
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Asks, and once more where a kept connection turns out to be dead. */
  #send(question: Question, done: HeardTaker): () => void {
    let cancel = (): void => undefined;
    const attempt = (mayRepeat: boolean): void => {
      const { subject, ...options } = question;
      const sent = request({ ...this.#place, ...options, agent: this.#agent, maxHeaderSize: headBytesMax });
      cancel = hear(sent, subject, (heard, isStale) => {
        if (isStale && mayRepeat) attempt(false);
        else done(heard);
      });
    };
    attempt(true);
    return () => cancel();
  }
}

/** Sends the content and hears one answer; calls back once, unless the function that it gives was called before. */
function hear(
  sent: ClientRequest,
  subject: ScanSubject | null,
  done: (heard: Heard | ScanFailure, isStale: boolean) => void,
): () => void {
  const source = subject === null ? null : Readable.from(contentOf(subject));
  let isOver = false;
  let isConnected = false;
  let hasHeard = false;
  const finish = (heard: Heard | ScanFailure, isStale = false): void => {
    if (isOver) return;
    isOver = true;
    source?.destroy();
    // An answer before the end of the question ends the connection.
    if ("result" in heard || !sent.writableFinished) sent.destroy();
    done(heard, isStale);
  };
  sent.on("socket", (socket) => {
    isConnected = !socket.connecting;
    if (isConnected) return;
    const timer = setTimeout(
      () => finish(failed("unreachable", `no connection within ${connectTimeLimitMs} ms`)),
      connectTimeLimitMs,
    );
    socket.once("connect", () => (isConnected = true));
    for (const event of ["connect", "close"]) socket.once(event, () => clearTimeout(timer));
  });
  sent.on("error", (error: NodeJS.ErrnoException) => {
    const isCut = error.code === "ECONNRESET" || error.code === "EPIPE";
    const failure = failed(isConnected ? "protocol" : "unreachable", errorWords(error));
    finish(failure, isCut && sent.reusedSocket && !hasHeard);
  });
  sent.on("response", (response) => {
    hasHeard = true;
    gather(response, finish);
  });
  source?.on("error", ({ message }) => finish(failed("unreadable", `the content cannot be read: ${message}`)));
  if (source === null) sent.end();
  else source.pipe(sent);
  return () => {
    if (isOver) return;
    isOver = true;
    source?.destroy();
    sent.destroy();
  };
}

function gather(response: IncomingMessage, done: (heard: Heard | ScanFailure) => void): void {
  const pieces: Buffer[] = [];
  let bytes = 0;
  response.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > rspamdAnswerBytesMax) done(failed("protocol", `an answer of more than ${rspamdAnswerBytesMax} bytes`));
    else pieces.push(piece);
  });
  response.on("error", (error) => done(failed("protocol", error.message)));
  response.on("end", () => {
    const { statusCode: status = 0, headers } = response;
    done({ status, server: String(headers.server ?? "rspamd"), body: Buffer.concat(pieces).toString("utf8") });
  });
}
