import type { SpoolMessage } from "./spool-file.ts";

/** The message's first bytes: all of it where it has no more than wanted. */
export async function firstBytes(message: SpoolMessage, wanted: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of message.open() as AsyncIterable<Uint8Array>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= wanted) break;
  }
  return Buffer.concat(pieces).subarray(0, wanted);
}
