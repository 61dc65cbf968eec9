import type { ResponseSink } from "#core/pop3/response-reader.ts";
import type { StatusLine } from "#core/pop3/status-line.ts";

/** A multi-line response that passes as it is; `write` answers false when the server has to wait. */
export function relaySink(to: {
  status(line: StatusLine): void;
  write(chunk: Uint8Array): void;
  done(): void;
}): ResponseSink {
  return { status: to.status, decoded: () => undefined, wire: to.write, end: () => to.done() };
}
