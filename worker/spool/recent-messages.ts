import { Readable } from "node:stream";
import type { NewMessage } from "./queue-log.ts";
import type { SpoolMessage } from "./spool-file.ts";

const recentBytesMax = 8 * 1024 * 1024;

/** Messages that were accepted just now: the first attempt follows at once as a rule, and need not read what was only written. */
export class RecentMessages {
  readonly #messages = new Map<string, SpoolMessage>();
  #bytes = 0;

  /** Copies the content: its pieces are parts of larger buffers. Large messages are not kept. */
  add({ head: { envelope, subject }, content }: NewMessage): void {
    if (content === null || content.bytes > recentBytesMax / 16) return;
    this.take(envelope.id);
    const whole = Buffer.concat(content.chunks);
    this.#messages.set(envelope.id, {
      ...{ envelope, subject, bytes: whole.length },
      open: () => Readable.from([whole]),
    });
    this.#bytes += whole.length;
    for (const [id] of this.#messages) {
      if (this.#bytes <= recentBytesMax) break;
      this.take(id);
    }
  }

  /** Gives the message once. */
  take(id: string): SpoolMessage | null {
    const message = this.#messages.get(id);
    if (message === undefined) return null;
    this.#messages.delete(id);
    this.#bytes -= message.bytes;
    return message;
  }
}
