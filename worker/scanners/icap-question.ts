import type { IcapService } from "./icap-exchange.ts";
import type { IcapOptions } from "./icap-head.ts";
import { contentOf } from "./scan-content.ts";
import type { ScanSubject } from "./scanner.ts";

const lineEnd = Buffer.from("\r\n");
const endOfBody = Buffer.from("0\r\n\r\n");
/** RFC 3507 §4.5: the preview was all of it. */
const endOfWhole = Buffer.from("0; ieof\r\n\r\n");

/** The question with its preview, or with the whole content where none is wanted. */
export async function* icapQuestion(
  service: IcapService,
  options: IcapOptions,
  subject: ScanSubject,
): AsyncGenerator<Uint8Array, void, void> {
  const { previewBytes } = options;
  yield Buffer.from(heads(service, options, subject));
  if (previewBytes === null) return yield* chunked(contentOf(subject), endOfBody);
  const isWhole = subject.bytes <= previewBytes;
  const preview = previewBytes === 0 && !isWhole ? [] : contentOf(subject, 0, Math.min(previewBytes, subject.bytes));
  yield* chunked(preview, isWhole ? endOfWhole : endOfBody);
}

/** What follows the preview, once the server asks for it. */
export function icapRemainder({ previewBytes }: IcapOptions, subject: ScanSubject): AsyncIterable<Uint8Array> {
  return chunked(contentOf(subject, previewBytes ?? 0), endOfBody);
}

async function* chunked(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  end: Uint8Array,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const piece of pieces) {
    yield Buffer.from(`${piece.length.toString(16)}\r\n`);
    yield piece;
    yield lineEnd;
  }
  yield end;
}

/** The content is told by its digest: no name that a sender chose goes into a head. */
function heads(
  { host, path }: IcapService,
  { method, previewBytes }: IcapOptions,
  { bytes, sha256 }: ScanSubject,
): string {
  const url = `http://postern.invalid/${sha256}`;
  const fields = `Content-Type: application/octet-stream\r\nContent-Length: ${bytes}\r\n\r\n`;
  const [request, response] =
    method === "RESPMOD"
      ? [`GET ${url} HTTP/1.1\r\nHost: postern.invalid\r\n\r\n`, `HTTP/1.1 200 OK\r\n${fields}`]
      : [`POST ${url} HTTP/1.1\r\nHost: postern.invalid\r\n${fields}`, ""];
  // RFC 3507 §4.4.1: where each part begins.
  const parts =
    method === "RESPMOD"
      ? `req-hdr=0, res-hdr=${request.length}, res-body=${request.length + response.length}`
      : `req-hdr=0, req-body=${request.length}`;
  const preview = previewBytes === null ? "" : `Preview: ${previewBytes}\r\n`;
  const icap = `${method} icap://${host}/${path} ICAP/1.0\r\nHost: ${host}\r\nAllow: 204\r\n${preview}Encapsulated: ${parts}\r\n\r\n`;
  return `${icap}${request}${response}`;
}
