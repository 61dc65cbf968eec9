import { LineReader } from "#core/bytes/line-reader.ts";
import { capabilitiesMax } from "#core/pop3/capa.ts";
import type { StatusLine } from "#core/pop3/status-line.ts";
import { textOfBytes } from "#core/pop3/wire-text.ts";
import type { Pop3Connection } from "./pop3-connection.ts";

/** RFC 2449 §4: a line of CAPA has at most 512 octets. */
const capabilityLineBytesMax = 512;
/** A longer answer is none: the server is left. */
export const capabilityAnswerBytesMax = capabilitiesMax * capabilityLineBytesMax;

/**
 * Asks CAPA (RFC 2449 §5) on a connection on which no response is due. Gives at most `capabilitiesMax` lines, without those that are too
 * long or hold control bytes; none where the server says -ERR. Not called back when the connection is lost.
 */
export function askCapabilities(
  connection: Pop3Connection,
  done: (status: StatusLine, lines: readonly string[]) => void,
): void {
  const reader = new LineReader(capabilityLineBytesMax);
  const lines: string[] = [];
  let status: StatusLine = { ok: false, text: "" };
  let bytes = 0;
  connection.request("CAPA\r\n", true, {
    status: (line) => {
      status = line;
    },
    decoded: (slice) => {
      bytes += slice.length;
      if (bytes > capabilityAnswerBytesMax) return connection.fail("the server's answer to CAPA has no end");
      reader.push(slice);
      for (let line = reader.next(); line !== null; line = reader.next()) {
        const text = textOfBytes(line.bytes).trimEnd();
        if (line.fault === null && /^[\x20-\x7e]+$/.test(text) && lines.length < capabilitiesMax) lines.push(text);
      }
    },
    wire: () => undefined,
    end: () => {
      if (!connection.closed) done(status, lines);
    },
  });
}
