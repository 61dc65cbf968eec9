import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import type { SpoolEnvelope } from "./spool.ts";
import {
  decodeEnd,
  decodeEnvelope,
  decodeStart,
  decodeSubject,
  endBytes,
  SpoolFileDamaged,
  startBytes,
} from "./spool-format.ts";

const verifyChunkBytes = 256 * 1024;
/** Most messages fit: envelope, message and end come with one read. */
const firstReadBytes = 16 * 1024;
/** A file up to this is read once for an attempt. */
const inMemoryBytesMax = 256 * 1024;

export type SpoolFileContent = {
  envelope: SpoolEnvelope;
  subject: string | null;
  messageBytes: number;
  /** Where the message's first byte stands in the file. */
  messageStart: number;
  contentCrc: number;
  subjectBytes: number;
};

/** Reads a file's envelope and end. Rejects with SpoolFileDamaged when they or the lengths do not fit; the message is not looked at. */
export async function readSpoolFile(path: string): Promise<SpoolFileContent> {
  return await withFile(path, async (file) => {
    const { size } = await file.stat();
    return await readContent(new FileBytes(file, size, await readExactly(file, 0, Math.min(size, firstReadBytes))));
  });
}

export type SpoolMessage = { envelope: SpoolEnvelope; bytes: number; open(): Readable };

/**
 * As readSpoolFile, and reads the message through: rejects with SpoolFileDamaged when one octet is not what was accepted.
 * `open` gives the message as it was given to the writer; a small one is in memory by then.
 */
export async function loadSpoolMessage(path: string): Promise<SpoolMessage> {
  return await withFile(path, async (file) => {
    const { size } = await file.stat();
    const bytes = new FileBytes(file, size, await readExactly(file, 0, Math.min(size, inMemoryBytesMax)));
    const content = await readContent(bytes);
    const { envelope, messageStart, messageBytes, subjectBytes } = content;
    const end = messageStart + messageBytes + subjectBytes;
    let crc = 0;
    for (let at = messageStart; at < end; ) {
      const chunk = await bytes.at(at, Math.min(verifyChunkBytes, end - at));
      crc = crc32(chunk, crc);
      at += chunk.length;
    }
    if (crc !== content.contentCrc) throw new SpoolFileDamaged("its message is damaged");
    const whole = size <= inMemoryBytesMax ? await bytes.at(messageStart, messageBytes) : null;
    const open = (): Readable => (whole === null ? streamMessage(path, content) : Readable.from([whole]));
    return { envelope, bytes: messageBytes, open };
  });
}

function streamMessage(path: string, { messageStart, messageBytes }: SpoolFileContent): Readable {
  // A stream of a file cannot end before it starts.
  if (messageBytes === 0) return Readable.from([]);
  return createReadStream(path, {
    start: messageStart,
    end: messageStart + messageBytes - 1,
    highWaterMark: 128 * 1024,
  });
}

async function readContent(bytes: FileBytes): Promise<SpoolFileContent> {
  const { size } = bytes;
  const start = decodeStart(await bytes.at(0, startBytes));
  const { subjectBytes, messageBytes, contentCrc } = decodeEnd(await bytes.at(size - endBytes, endBytes));
  const messageStart = startBytes + start.envelopeBytes;
  if (messageStart + messageBytes + subjectBytes + endBytes !== size) throw new SpoolFileDamaged("its length is wrong");
  const envelope = decodeEnvelope(await bytes.at(startBytes, start.envelopeBytes), start.envelopeCrc);
  const subject = decodeSubject(await bytes.at(messageStart + messageBytes, subjectBytes));
  return { envelope, subject, messageBytes, messageStart, contentCrc, subjectBytes };
}

/** A file's bytes by position; those near its beginning are read once. */
class FileBytes {
  readonly #file: FileHandle;
  readonly size: number;
  readonly #first: Uint8Array;

  constructor(file: FileHandle, size: number, first: Uint8Array) {
    this.#file = file;
    this.size = size;
    this.#first = first;
  }

  async at(position: number, bytes: number): Promise<Uint8Array> {
    if (position < 0 || position + bytes > this.size) throw new SpoolFileDamaged("it is too short");
    if (position + bytes <= this.#first.length) return this.#first.subarray(position, position + bytes);
    return await readExactly(this.#file, position, bytes);
  }
}

async function readExactly(file: FileHandle, position: number, bytes: number): Promise<Uint8Array> {
  if (bytes === 0) return new Uint8Array();
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(bytes), 0, bytes, position);
  if (bytesRead !== bytes) throw new SpoolFileDamaged("it is too short");
  return buffer;
}

async function withFile<T>(path: string, read: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, "r");
  try {
    return await read(file);
  } finally {
    await file.close();
  }
}
