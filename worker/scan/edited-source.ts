import { Readable } from "node:stream";
import { type EditList, EditWriter } from "#core/message/rewrite/edit.ts";
import { sourceOf, streamOf } from "../quarantine/content-stream.ts";
import type { ContentSource } from "../quarantine/quarantine.ts";

/** A message with its edits, below `top`, in pieces. */
export async function* editedPieces(
  message: ContentSource,
  edits: EditList,
  top: Uint8Array = nothing,
): AsyncGenerator<Uint8Array> {
  if (top.length > 0) yield top;
  let given: Uint8Array[] = [];
  const writer = new EditWriter(edits, (slice) => given.push(slice));
  for await (const piece of streamOf(message)) {
    writer.write(piece);
    yield* given;
    given = [];
  }
  writer.end();
  yield* given;
}

/** The same as a source. */
export function editedSource(message: ContentSource, edits: EditList, top: Uint8Array = nothing): ContentSource {
  let bytes = top.length + message.bytes;
  for (let index = 0; index < edits.length; index++) {
    const edit = edits.at(index);
    if (edit !== undefined) bytes += edit.bytes.length - (edit.end - edit.start);
  }
  return sourceOf(bytes, () => Readable.from(editedPieces(message, edits, top), { objectMode: false }));
}

/** What stands from one offset to another, in one piece. */
export async function bytesBetween(source: ContentSource, from: number, to: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for await (const piece of streamOf(source)) {
    if (at + piece.length > from) pieces.push(piece.subarray(Math.max(0, from - at), to - at));
    at += piece.length;
    if (at >= to) break;
  }
  return Buffer.concat(pieces);
}

const nothing = new Uint8Array(0);
