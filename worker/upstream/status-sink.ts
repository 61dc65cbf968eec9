import type { ResponseSink } from "#core/pop3/response-reader.ts";
import type { StatusLine } from "#core/pop3/status-line.ts";

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
