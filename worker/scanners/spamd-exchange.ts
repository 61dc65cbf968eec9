import { type AnswerHead, AnswerHeadReader, countField } from "./answer-head.ts";
import type { Exchange, ExchangeStep, Outgoing } from "./exchange.ts";
import { contentOf } from "./scan-content.ts";
import { failed, readDecimal, scannerText, symbolsMax } from "./scan-words.ts";
import type { ScanFailure, ScanResult, ScanSubject } from "./scanner.ts";

/** The list of symbols in spamd's answer, in bytes. */
export const symbolListBytesMax = 64 * 1024;

/** The answer to a PING, in bytes. */
export const pongBytesMax = 1_024;

/** sysexits of spamd: it gave up on a message that took too long. */
const timeoutCode = "79";

/** One message by SYMBOLS (SpamAssassin's spamd/PROTOCOL): score, threshold and the names of the rules that matched. */
export class SpamdScan implements Exchange<ScanResult> {
  readonly #subject: ScanSubject;
  readonly #headReader = new AnswerHeadReader();
  #head: AnswerHead | null = null;
  #list = "";

  constructor(subject: ScanSubject) {
    this.#subject = subject;
  }

  begin(): Outgoing {
    return question(this.#subject);
  }

  read(chunk: Uint8Array): ExchangeStep<ScanResult> {
    if (this.#head !== null) return this.#readList(chunk);
    const read = this.#headReader.read(chunk);
    if (read === null) return null;
    if ("result" in read) return last(read);
    const failure = readCode(read.head.line);
    if (failure !== null) return last(failure);
    this.#head = read.head;
    return this.#readList(read.rest);
  }

  end(): ScanResult {
    // Without a length the list ends with the connection.
    if (this.#head !== null && countField(this.#head, "content-length") === null) return this.#result(this.#head);
    return failed("protocol", "closed before the end of the answer");
  }

  #readList(chunk: Uint8Array): ExchangeStep<ScanResult> {
    if (this.#head === null) return null;
    const length = countField(this.#head, "content-length");
    if (Math.max(length ?? 0, this.#list.length + chunk.length) > symbolListBytesMax) {
      return last(failed("protocol", `an answer of more than ${symbolListBytesMax} bytes`));
    }
    this.#list += Buffer.from(chunk).toString("latin1");
    if (length === null || this.#list.length < length) return null;
    this.#list = this.#list.slice(0, length);
    return last(this.#result(this.#head));
  }

  #result({ fields }: AnswerHead): ScanResult {
    const said = fields.get("spam") ?? "";
    const [, scoreText = "", thresholdText = ""] = /^(?:True|False|Yes|No)\s*;\s*(\S+)\s*\/\s*(\S+)$/i.exec(said) ?? [];
    const [score, threshold] = [readDecimal(scoreText), readDecimal(thresholdText)];
    if (score === null || threshold === null) return failed("protocol", "an answer without a score");
    const names = this.#list.split(/[,\s]+/, symbolsMax + 2).filter((name) => name !== "");
    const symbols = names.slice(0, symbolsMax).map((name) => ({ name: scannerText(name), score: null }));
    return { result: "scored", score, threshold, action: null, symbols };
  }
}

/** What says that spamd serves. */
export class SpamdPing implements Exchange<{ version: string }> {
  #line = "";

  begin(): Outgoing {
    return [Buffer.from("PING SPAMC/1.5\r\n\r\n")];
  }

  read(chunk: Uint8Array): ExchangeStep<{ version: string }> {
    this.#line += Buffer.from(chunk.subarray(0, pongBytesMax - this.#line.length)).toString("latin1");
    const end = this.#line.indexOf("\r\n");
    if (end !== -1) return last(readPong(this.#line.slice(0, end)));
    return this.#line.length < pongBytesMax
      ? null
      : last(failed("protocol", `a line of more than ${pongBytesMax} bytes`));
  }

  end(): ScanFailure {
    return failed("protocol", "closed before the answer");
  }
}

function readPong(line: string): { version: string } | ScanFailure {
  const [, version] = /^SPAMD\/(\d+\.\d+) 0 PONG/i.exec(line) ?? [];
  return version === undefined
    ? failed("protocol", `no spamd: it says ${scannerText(line)}`)
    : { version: `SPAMD/${version}` };
}

/** Null: `SPAMD/1.1 0 EX_OK`. */
function readCode(line: string): ScanFailure | null {
  const [, code] = /^SPAMD\/\d+\.\d+ (\d{1,3}) /.exec(line) ?? [];
  if (code === "0") return null;
  return failed(code === timeoutCode ? "timeout" : "protocol", `spamd says: ${scannerText(line)}`);
}

/** spamd ends the connection after each answer. */
function last<T>(answer: T | ScanFailure): ExchangeStep<T> {
  return { kind: "answer", answer, reusable: false };
}

async function* question(subject: ScanSubject): AsyncGenerator<Uint8Array, void, void> {
  yield Buffer.from(`SYMBOLS SPAMC/1.5\r\nContent-length: ${subject.bytes}\r\n\r\n`);
  yield* contentOf(subject);
}
