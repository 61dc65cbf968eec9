import { createHash } from "node:crypto";
import { type AnswerHead, AnswerHeadReader } from "./answer-head.ts";
import type { Exchange, ExchangeStep, Outgoing } from "./exchange.ts";
import { ChunkReader } from "./icap-chunks.ts";
import {
  closesAfter,
  encapsulation,
  type IcapOptions,
  icapFinding,
  icapStatus,
  icapTag,
  readIcapOptions,
} from "./icap-head.ts";
import { icapQuestion, icapRemainder } from "./icap-question.ts";
import { failed, scannerText } from "./scan-words.ts";
import type { ScanFailure, ScanResult, ScanSubject } from "./scanner.ts";

/** Where the service is: `host:port` for its URL and the path of the service. */
export type IcapService = { host: string; path: string };

/** What a scanner that changes content without saying why is taken to have found. */
export const replacedName = "replaced by the scanner";

/** Part or message as the body of a response (RESPMOD) or request (REQMOD): RFC 3507. */
export class IcapScan implements Exchange<ScanResult> {
  readonly #service: IcapService;
  readonly #options: IcapOptions;
  readonly #subject: ScanSubject;
  readonly #noteTag: (tag: string) => void;
  #headReader = new AnswerHeadReader();
  #body: ReturnedContent | null = null;
  #mayContinue: boolean;

  constructor(service: IcapService, options: IcapOptions, subject: ScanSubject, noteTag: (tag: string) => void) {
    this.#service = service;
    this.#options = options;
    this.#subject = subject;
    this.#noteTag = noteTag;
    this.#mayContinue = options.previewBytes !== null && options.previewBytes < subject.bytes;
  }

  begin(): Outgoing {
    return icapQuestion(this.#service, this.#options, this.#subject);
  }

  read(chunk: Uint8Array): ExchangeStep<ScanResult> {
    if (this.#body !== null) return this.#body.read(chunk);
    const read = this.#headReader.read(chunk);
    if (read === null) return null;
    if ("result" in read) return last(read);
    const tag = icapTag(read.head);
    if (tag !== null) this.#noteTag(tag);
    return this.#readHead(read.head, read.rest);
  }

  end(): ScanFailure {
    return failed("protocol", "closed before the end of the answer");
  }

  #readHead(head: AnswerHead, rest: Uint8Array): ExchangeStep<ScanResult> {
    const status = icapStatus(head);
    if (status === 100) return this.#continue(rest);
    const finding = status === null ? null : icapFinding(head);
    // What follows is a page about it, which nobody reads.
    if (finding !== null) return last(finding);
    const reusable = !closesAfter(head);
    if (status === 204) {
      return { kind: "answer", answer: { result: "clean" }, reusable: reusable && rest.length === 0 };
    }
    if (status === 408) return { kind: "stale" };
    if (status !== 200) return last(failed("protocol", `the server says: ${scannerText(head.line)}`));
    const parts = encapsulation(head);
    if (parts === null) return last(failed("protocol", "an answer without a usable Encapsulated"));
    this.#body = new ReturnedContent(this.#subject, parts, reusable);
    return this.#body.read(rest);
  }

  /** RFC 3507 §4.5: it wants what comes after the preview. */
  #continue(rest: Uint8Array): ExchangeStep<ScanResult> {
    if (!this.#mayContinue) return last(failed("protocol", "a 100 that was not due"));
    this.#mayContinue = false;
    this.#headReader = new AnswerHeadReader();
    return { kind: "send", pieces: icapRemainder(this.#options, this.#subject), rest };
  }
}

/** The content as a 200 gives it back: the same is clean, whether or not the server could have said 204. */
class ReturnedContent {
  readonly #subject: ScanSubject;
  readonly #reusable: boolean;
  readonly #hasBody: boolean;
  readonly #hash = createHash("sha256");
  readonly #chunks: ChunkReader;
  #headBytesLeft: number;
  #bytes = 0;

  constructor(subject: ScanSubject, parts: { headBytes: number; hasBody: boolean }, reusable: boolean) {
    this.#subject = subject;
    this.#reusable = reusable;
    this.#hasBody = parts.hasBody;
    this.#headBytesLeft = parts.headBytes;
    this.#chunks = new ChunkReader((bytes) => {
      this.#bytes += bytes.length;
      this.#hash.update(bytes);
    });
  }

  read(chunk: Uint8Array): ExchangeStep<ScanResult> {
    const body = chunk.subarray(this.#headBytesLeft);
    this.#headBytesLeft -= chunk.length - body.length;
    if (this.#headBytesLeft > 0) return null;
    const read = this.#hasBody ? this.#chunks.read(body) : { rest: body };
    // Longer than what was sent: no need to see how long.
    if (this.#bytes > this.#subject.bytes) return last({ result: "found", names: [replacedName] });
    if (read !== null && "result" in read) return last(read);
    if (read === null) return null;
    const isSame = this.#hash.digest("hex") === this.#subject.sha256;
    const answer: ScanResult = isSame ? { result: "clean" } : { result: "found", names: [replacedName] };
    return { kind: "answer", answer, reusable: this.#reusable && read.rest.length === 0 };
  }
}

/** What the service can do (RFC 3507 §4.10). */
export class IcapOptionsQuestion implements Exchange<IcapOptions> {
  readonly #service: IcapService;
  readonly #headReader = new AnswerHeadReader();

  constructor(service: IcapService) {
    this.#service = service;
  }

  begin(): Outgoing {
    const { host, path } = this.#service;
    return [
      Buffer.from(`OPTIONS icap://${host}/${path} ICAP/1.0\r\nHost: ${host}\r\nEncapsulated: null-body=0\r\n\r\n`),
    ];
  }

  read(chunk: Uint8Array): ExchangeStep<IcapOptions> {
    const read = this.#headReader.read(chunk);
    if (read === null) return null;
    if ("result" in read) return last(read);
    if (icapStatus(read.head) !== 200) {
      return last(failed("protocol", `the server says: ${scannerText(read.head.line)}`));
    }
    const options = readIcapOptions(read.head);
    if (options === null) return last(failed("protocol", "the service offers neither RESPMOD nor REQMOD"));
    // A body of options (opt-body) is not read.
    const reusable = read.rest.length === 0 && !closesAfter(read.head) && encapsulation(read.head)?.hasBody !== true;
    return { kind: "answer", answer: options, reusable };
  }

  end(): ScanFailure {
    return failed("protocol", "closed before the end of the answer");
  }
}

function last<T>(answer: T | ScanFailure): ExchangeStep<T> {
  return { kind: "answer", answer, reusable: false };
}
