import { Readable } from "node:stream";
import type { ContentReading, ContentSource } from "./quarantine.ts";

/** A source as a stream, which makes it wait while nobody takes more. */
export function streamOf(source: ContentSource): Readable {
  let reading: ContentReading | null = null;
  const target = {
    // An empty piece would not wake a stream that waits for the next.
    piece: (bytes: Uint8Array) => bytes.length === 0 || stream.push(bytes),
    done: (error: Error | null) => (error === null ? stream.push(null) : stream.destroy(error)),
  };
  const stream = new Readable({
    read: () => {
      if (reading === null) reading = source.read(target);
      else reading.resume();
    },
    destroy: (error, done) => {
      reading?.stop();
      done(error);
    },
  });
  return stream;
}

/** `bytes` of a stream that `open` makes anew for each reading, as a source. */
export function sourceOf(bytes: number, open: () => Readable): ContentSource {
  return {
    bytes,
    read: (target) => {
      const stream = open();
      stream.on("data", (chunk: Uint8Array) => {
        if (!target.piece(chunk)) stream.pause();
      });
      stream.on("end", () => target.done(null));
      stream.on("error", (error) => target.done(error));
      return {
        resume: () => stream.resume(),
        stop: () => stream.removeAllListeners("error").on("error", ignore).destroy(),
      };
    },
  };
}

function ignore(): void {
  // Nobody waits for what a stopped reading comes to.
}

/** Bytes in memory, as a source. */
export function sourceOfBytes(bytes: Uint8Array): ContentSource {
  return sourceOf(bytes.length, () => Readable.from(bytes.length === 0 ? [] : [bytes]));
}
