import { LineReader } from "#core/bytes/line-reader.ts";
import { MultiLineDecoder } from "./multi-line-decoder.ts";
import { parseChallenge, parseStatusLine, type StatusLine } from "./status-line.ts";

/** Takes one response; `end` is called once, after which the next may be expected. */
export interface ResponseSink {
  status(line: StatusLine): void;
  /** The body of a positive multi-line response, dots undone. */
  decoded(slice: Uint8Array): void;
  /** The same bytes as on the wire, end mark included, after `decoded` saw what they say. */
  wire(slice: Uint8Array): void;
  end(body: BodySize): void;
}

/** `longestLine` counts CRLF, and is 0 where no line is longer than 512 bytes. Both 0 when there was no body. */
export type BodySize = { decodedBytes: number; longestLine: number };

/** Takes what the server says to one line of AUTH: a challenge, after which our next line is due, or the status that ends the exchange. */
export interface ExchangeSink {
  /** In base64, as it came. */
  challenge(text: string): void;
  status(line: StatusLine): void;
}

type Waiting = { kind: "line" | "multi-line"; sink: ResponseSink } | { kind: "exchange"; sink: ExchangeSink };

const moreThanOne = "the server sent more than one response";

/** Reads a server's responses one at a time (RFC 1939 §3). Whatever comes unasked is a violation. */
export class ResponseReader {
  readonly #lines: LineReader;
  readonly #authBytesMax: number;
  #waiting: Waiting | null = null;
  #body: MultiLineDecoder | null = null;

  /** `responseBytesMax`: of a first line, CRLF included (RFC 2449 §4: 512). `authBytesMax`: of a line of AUTH, which may be longer. */
  constructor({ responseBytesMax, authBytesMax }: { responseBytesMax: number; authBytesMax: number }) {
    this.#lines = new LineReader(responseBytesMax);
    this.#authBytesMax = authBytesMax;
  }

  /** Whether a response is due. */
  get busy(): boolean {
    return this.#waiting !== null;
  }

  /** Whether the lines after a first one are being read. */
  get inBody(): boolean {
    return this.#body !== null;
  }

  /** Called before the bytes of the response arrive, and only when none is due. */
  expect(multiLine: boolean, sink: ResponseSink): void {
    this.#waiting = { kind: multiLine ? "multi-line" : "line", sink };
  }

  /** The same for a line of AUTH (RFC 5034 §4). */
  expectExchange(sink: ExchangeSink): void {
    this.#waiting = { kind: "exchange", sink };
  }

  /** Answers what is wrong with the server, in words for a log, or null. After a violation nothing more may be written. */
  write(chunk: Uint8Array): string | null {
    const waiting = this.#waiting;
    if (waiting === null) return "the server sent data that nobody asked for";
    if (waiting.kind === "exchange") return this.#readExchange(waiting.sink, chunk);
    const { sink } = waiting;
    if (this.#body !== null) return this.#readBody(sink, this.#body, chunk);
    this.#lines.push(chunk);
    const line = this.#lines.next();
    if (line === null) return this.#lines.dropping ? "the server's response line is faulty: too-long" : null;
    if (line.fault !== null) return `the server's response line is faulty: ${line.fault}`;
    const status = parseStatusLine(line.bytes);
    if (status === null) return "the server's response is neither +OK nor -ERR";
    const rest = this.#lines.takeRest();
    if (!status.ok || waiting.kind === "line") return this.#endSingle(sink, status, rest);
    sink.status(status);
    this.#body = new MultiLineDecoder((slice) => sink.decoded(slice));
    return rest.length === 0 ? null : this.#readBody(sink, this.#body, rest);
  }

  #endSingle(sink: ResponseSink, status: StatusLine, rest: Uint8Array): string | null {
    if (rest.length > 0) return moreThanOne;
    this.#waiting = null;
    sink.status(status);
    sink.end({ decodedBytes: 0, longestLine: 0 });
    return null;
  }

  #readExchange(sink: ExchangeSink, chunk: Uint8Array): string | null {
    this.#lines.push(chunk);
    const line = this.#lines.next(this.#authBytesMax);
    if (line === null) return this.#lines.dropping ? "the server's answer to AUTH is faulty: too-long" : null;
    if (line.fault !== null) return `the server's answer to AUTH is faulty: ${line.fault}`;
    if (this.#lines.unreadBytes > 0) return moreThanOne;
    const challenge = parseChallenge(line.bytes);
    const status = challenge === null ? parseStatusLine(line.bytes) : null;
    if (challenge === null && status === null) return "the server's answer to AUTH is neither a challenge nor a status";
    this.#waiting = null;
    if (challenge !== null) sink.challenge(challenge);
    else if (status !== null) sink.status(status);
    return null;
  }

  #readBody(sink: ResponseSink, body: MultiLineDecoder, chunk: Uint8Array): string | null {
    const used = body.write(chunk);
    if (used < chunk.length) return "the server sent data after the end of its response";
    sink.wire(chunk);
    if (!body.ended) return null;
    this.#waiting = null;
    this.#body = null;
    sink.end({ decodedBytes: body.decodedBytes, longestLine: body.longestLine });
    return null;
  }
}
