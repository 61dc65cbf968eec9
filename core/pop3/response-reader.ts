import { LineReader } from "#core/bytes/line-reader.ts";
import { MultiLineDecoder } from "./multi-line-decoder.ts";
import { parseStatusLine, type StatusLine } from "./status-line.ts";

/** Takes one response; `end` is called once, after which the next may be expected. */
export interface ResponseSink {
  status(line: StatusLine): void;
  /** The body of a positive multi-line response, dots undone. */
  decoded(slice: Uint8Array): void;
  /** The same bytes as on the wire, end mark included, after `decoded` saw what they say. */
  wire(slice: Uint8Array): void;
  end(body: BodySize): void;
}

/** `longestLine` counts CRLF. Both 0 when there was no body. */
export type BodySize = { decodedBytes: number; longestLine: number };

type Waiting = { multiLine: boolean; sink: ResponseSink };

/** Reads a server's responses one at a time (RFC 1939 §3). Whatever comes unasked is a violation. */
export class ResponseReader {
  readonly #lines: LineReader;
  #waiting: Waiting | null = null;
  #body: MultiLineDecoder | null = null;

  /** `responseBytesMax`: of a first line, CRLF included (RFC 2449 §4: 512). */
  constructor(responseBytesMax: number) {
    this.#lines = new LineReader(responseBytesMax);
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
    this.#waiting = { multiLine, sink };
  }

  /** Answers what is wrong with the server, in words for a log, or null. After a violation nothing more may be written. */
  write(chunk: Uint8Array): string | null {
    const waiting = this.#waiting;
    if (waiting === null) return "the server sent data that nobody asked for";
    if (this.#body !== null) return this.#readBody(waiting.sink, this.#body, chunk);
    this.#lines.push(chunk);
    const line = this.#lines.next();
    if (line === null) return null;
    if (line.fault !== null) return `the server's response line is faulty: ${line.fault}`;
    const status = parseStatusLine(line.bytes);
    if (status === null) return "the server's response is neither +OK nor -ERR";
    const rest = this.#lines.takeRest();
    if (!status.ok || !waiting.multiLine) return this.#endSingle(waiting.sink, status, rest);
    waiting.sink.status(status);
    this.#body = new MultiLineDecoder((slice) => waiting.sink.decoded(slice));
    return rest.length === 0 ? null : this.#readBody(waiting.sink, this.#body, rest);
  }

  #endSingle(sink: ResponseSink, status: StatusLine, rest: Uint8Array): string | null {
    if (rest.length > 0) return "the server sent more than one response";
    this.#waiting = null;
    sink.status(status);
    sink.end({ decodedBytes: 0, longestLine: 0 });
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
