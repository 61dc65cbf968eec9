import { type ClamdVersion, readClamdVerdict, readClamdVersion } from "./clamd-answer.ts";
import type { Exchange, ExchangeStep, Outgoing } from "./exchange.ts";
import { contentOf } from "./scan-content.ts";
import { failed, scannerText } from "./scan-words.ts";
import type { ScanFailure, ScanResult, ScanSubject } from "./scanner.ts";

/** One answer of clamd, in bytes; it ends with a NUL. */
export const clamdAnswerBytesMax = 4_096;

const startSession = Buffer.from("zIDSESSION\0");
const startStream = Buffer.from("zINSTREAM\0");
const endStream = Buffer.alloc(4);
const askVersion = Buffer.from("zVERSION\0");
const readTimeout = "COMMAND READ TIMED OUT";

/** Gathers one answer up to its NUL. Null: it is not there yet. */
class ClamdLine {
  #text = "";

  read(chunk: Uint8Array): { line: string; hasMore: boolean } | ScanFailure | null {
    const end = chunk.indexOf(0);
    const bytes = end === -1 ? chunk : chunk.subarray(0, end);
    if (this.#text.length + bytes.length > clamdAnswerBytesMax) {
      return failed("protocol", `an answer of more than ${clamdAnswerBytesMax} bytes`);
    }
    this.#text += Buffer.from(bytes).toString("latin1");
    return end === -1 ? null : { line: this.#text, hasMore: end < chunk.length - 1 };
  }

  get text(): string {
    return this.#text;
  }
}

/** One file by INSTREAM, in a session (IDSESSION) that the next ones use as well: `1: stream: OK`. */
export class ClamdScan implements Exchange<ScanResult> {
  readonly #subject: ScanSubject;
  readonly #line = new ClamdLine();
  #number = 0;

  constructor(subject: ScanSubject) {
    this.#subject = subject;
  }

  begin(served: number): Outgoing {
    this.#number = served + 1;
    return streamed(this.#subject, served === 0);
  }

  read(chunk: Uint8Array): ExchangeStep<ScanResult> {
    const read = this.#line.read(chunk);
    if (read === null) return null;
    if ("result" in read) return { kind: "answer", answer: read, reusable: false };
    if (read.line.includes(readTimeout)) return { kind: "stale" };
    const [, number, said = ""] = /^(\d{1,10}): (.*)$/s.exec(read.line) ?? [];
    if (number === undefined) return { kind: "answer", answer: readUnnumbered(read.line), reusable: false };
    if (Number(number) !== this.#number) {
      return { kind: "answer", answer: failed("protocol", "an answer to what was not asked"), reusable: false };
    }
    const answer = readClamdVerdict(said);
    // After an error clamd ends the session; what comes behind an answer is none that was asked for.
    const isOver = answer.result === "failed" && answer.why === "protocol";
    return { kind: "answer", answer, reusable: !isOver && !read.hasMore };
  }

  end(): ScanResult {
    return cutShort(this.#line.text);
  }
}

/** What clamd says of the session itself comes without a number; a verdict must not. */
function readUnnumbered(line: string): ScanFailure {
  const verdict = readClamdVerdict(line);
  return verdict.result === "failed" ? verdict : failed("protocol", `clamd says: ${scannerText(line)}`);
}

async function* streamed(subject: ScanSubject, isFirst: boolean): AsyncGenerator<Uint8Array, void, void> {
  yield isFirst ? Buffer.concat([startSession, startStream]) : startStream;
  for await (const piece of contentOf(subject)) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(piece.length);
    yield length;
    yield piece;
  }
  yield endStream;
}

/** Asks for version and signatures, on a connection of its own. */
export class ClamdVersionQuestion implements Exchange<ClamdVersion> {
  readonly #line = new ClamdLine();

  begin(): Outgoing {
    return [askVersion];
  }

  read(chunk: Uint8Array): ExchangeStep<ClamdVersion> {
    const read = this.#line.read(chunk);
    if (read === null) return null;
    if ("result" in read) return { kind: "answer", answer: read, reusable: false };
    const answer = readClamdVersion(read.line) ?? failed("protocol", `no clamd: it says ${scannerText(read.line)}`);
    return { kind: "answer", answer, reusable: false };
  }

  end(): ScanFailure {
    return cutShort(this.#line.text);
  }
}

function cutShort(said: string): ScanFailure {
  return failed("protocol", `closed before the answer${said === "" ? "" : `, after ${scannerText(said)}`}`);
}
