import { LineReader } from "#core/bytes/line-reader.ts";
import { capabilitiesMax } from "#core/pop3/capa.ts";
import type { ResponseSink } from "#core/pop3/response-reader.ts";
import type { StatusLine } from "#core/pop3/status-line.ts";
import { textOfBytes } from "#core/pop3/wire-text.ts";
import { listingLineBytesMax } from "./listing.ts";

/** A response of which only the first line counts. */
export function statusSink(done: (status: StatusLine) => void): ResponseSink {
  let status: StatusLine = { ok: false, text: "" };
  return {
    status: (line) => {
      status = line;
    },
    decoded: () => undefined,
    wire: () => undefined,
    end: () => done(status),
  };
}

/** The lines of a CAPA answer, at most `capabilitiesMax`, without those that are too long or hold control bytes. */
export function capabilitySink(done: (status: StatusLine, lines: string[]) => void): ResponseSink {
  const reader = new LineReader(listingLineBytesMax);
  const lines: string[] = [];
  let status: StatusLine = { ok: false, text: "" };
  return {
    status: (line) => {
      status = line;
    },
    decoded: (slice) => {
      reader.push(slice);
      for (let line = reader.next(); line !== null; line = reader.next()) {
        const text = textOfBytes(line.bytes).trimEnd();
        if (line.fault === null && /^[\x20-\x7e]+$/.test(text) && lines.length < capabilitiesMax) lines.push(text);
      }
    },
    wire: () => undefined,
    end: () => done(status, lines),
  };
}

/** A multi-line response that passes as it is; `write` answers false when the server has to wait. */
export function relaySink(to: {
  status(line: StatusLine): void;
  write(chunk: Uint8Array): void;
  done(): void;
}): ResponseSink {
  return { status: to.status, decoded: () => undefined, wire: to.write, end: () => to.done() };
}
