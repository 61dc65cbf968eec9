import { Z_NO_FLUSH, Z_OK, Z_STREAM_END, ZStream, zlibInflate, zlibInflateEnd, zlibInflateInit2 } from "pako";
import { Output, type Unpack, type Unpacked } from "./unpacked.ts";

/** Window of 32 KiB; below zero: without the wrapping of zlib. */
const rawWindow = -15;
const zlibWindow = 15;

/** Deflate (RFC 1951), as in zip and gzip. */
export const inflateRaw: Unpack = (packed, bytesMax) => inflate(packed, bytesMax, rawWindow);

/** Deflate with the header of zlib (RFC 1950), as in PDF and PowerPoint. */
export const inflateZlib: Unpack = (packed, bytesMax) => inflate(packed, bytesMax, zlibWindow);

function inflate(packed: Uint8Array, bytesMax: number, window: number): Unpacked {
  const output = new Output(bytesMax);
  const stream = new ZStream();
  zlibInflateInit2(stream, window);
  stream.input = packed;
  stream.avail_in = packed.length;
  let status: number = Z_OK;
  while (status === Z_OK && !output.isFull) {
    const room = output.room();
    stream.output = room;
    stream.next_out = 0;
    stream.avail_out = room.length;
    status = zlibInflate(stream, Z_NO_FLUSH);
    output.wrote(stream.next_out);
    if (stream.next_out === 0 && stream.avail_in === 0) break;
  }
  // Full is not yet cut: the end may be all that is left.
  if (status === Z_OK && output.isFull && endsHere(stream)) status = Z_STREAM_END;
  zlibInflateEnd(stream);
  const end = status === Z_STREAM_END ? "complete" : output.isFull && status === Z_OK ? "cut" : "damaged";
  return { bytes: output.bytes, end, packedBytes: stream.total_in };
}

function endsHere(stream: ZStream): boolean {
  stream.output = new Uint8Array(1);
  stream.next_out = 0;
  stream.avail_out = 1;
  return zlibInflate(stream, Z_NO_FLUSH) === Z_STREAM_END && stream.next_out === 0;
}
