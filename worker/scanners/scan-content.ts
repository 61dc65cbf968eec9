import type { ScanSubject } from "./scanner.ts";

/** The content is not what its subject says. */
export class ContentError extends Error {}

/**
 * The subject's content from byte `start` up to but not `end`, without empty pieces. Fails when the content is not as long as the
 * subject says, as far as it is read.
 */
export async function* contentOf(
  { content, bytes }: ScanSubject,
  start = 0,
  end = bytes,
): AsyncGenerator<Uint8Array, void, void> {
  let at = 0;
  for await (const piece of typeof content === "function" ? content() : content) {
    const [from, to] = [Math.max(start - at, 0), Math.min(end - at, piece.length)];
    at += piece.length;
    if (at > bytes) throw new ContentError("there are more bytes than were counted");
    if (from < to) yield from === 0 && to === piece.length ? piece : piece.subarray(from, to);
    if (at >= end && end < bytes) return;
  }
  if (at < bytes) throw new ContentError(`${bytes - at} bytes are missing`);
}
