import { Agent, type RequestOptions, request } from "node:http";
import { type HttpAnswer, HttpQuestion, httpHeadBytesMax } from "./http-question.ts";
import { readRspamdAnswer } from "./rspamd-answer.ts";
import { rspamdHeaders } from "./rspamd-headers.ts";
import { contentOf } from "./scan-content.ts";
import { failed, scannerText } from "./scan-words.ts";
import type { ScanEngine, ScanFailure, ScanResult, ScanSubject } from "./scanner.ts";
import { type ScannerPlace, warmMs } from "./scanner-connection.ts";

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
    return this.#send(question, (answer) => {
      done("result" in answer ? answer : readRspamdAnswer(answer.status, answer.body));
    });
  }

  check(done: (failure: ScanFailure | null) => void): () => void {
    return this.#send({ method: "GET", path: "/ping", headers: {}, subject: null }, (answer) => {
      if ("result" in answer) return done(answer);
      if (answer.status !== 200) return done(failed("protocol", `rspamd answers with HTTP ${answer.status}`));
      this.#version = scannerText(answer.server) || null;
      done(null);
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Asks, and once more where a kept connection turns out to be dead. */
  #send({ subject, ...question }: Question, done: (answer: HttpAnswer | ScanFailure) => void): () => void {
    const attempt = (mayRepeat: boolean): HttpQuestion => {
      const sent = request({ ...this.#place, ...question, agent: this.#agent, maxHeaderSize: httpHeadBytesMax });
      return new HttpQuestion(sent, subject === null ? null : contentOf(subject), (answer, isStale) => {
        if (isStale && mayRepeat) current = attempt(false);
        else done(answer);
      });
    };
    let current = attempt(true);
    return () => current.cancel();
  }
}
