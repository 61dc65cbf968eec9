import { DotEncoder } from "#core/bytes/dot-encoder.ts";
import { DotStuffer } from "#core/bytes/dot-stuffer.ts";
import { type EditList, EditWriter } from "#core/message/rewrite/edit.ts";
import { TopLines } from "#core/pop3/top-lines.ts";
import type { ContentReading, ContentSource } from "../quarantine/quarantine.ts";
import type { ClientLink } from "./client-link.ts";

/**
 * Gives a client a message with its edits, dot-stuffed, end mark included; `lines`: only its top, as TOP does. `done` is called once, unless the
 * reading was stopped. The client's `onDrain` is to resume the reading.
 */
export function sendEdited(
  client: ClientLink,
  message: ContentSource,
  edits: EditList,
  lines: number | null,
  done: (error: Error | null) => void,
): ContentReading {
  let flows = true;
  // What is not changed goes on as it came, bare line ends too.
  const encoder = new DotStuffer((slice) => {
    flows = client.write(slice) && flows;
  });
  const top = lines === null ? null : new TopLines(lines, (slice) => encoder.write(slice));
  const writer = new EditWriter(edits, (slice) => (top ?? encoder).write(slice));
  return message.read({
    piece: (bytes) => {
      flows = true;
      writer.write(bytes);
      return flows;
    },
    done: (error) => {
      if (error !== null) return done(error);
      writer.end();
      encoder.end();
      done(null);
    },
  });
}

/** The same for a notice, which is at hand; the first line was sent. */
export function sendNotice(client: ClientLink, notice: Uint8Array, lines: number | null): void {
  const encoder = new DotEncoder((slice) => client.write(slice));
  const out = lines === null ? encoder : new TopLines(lines, (slice) => encoder.write(slice));
  out.write(notice);
  encoder.end();
}
