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
  return await withFile(path, readContent);
}

/** As readSpoolFile, and reads the message through: rejects with SpoolFileDamaged when one octet is not what was accepted. */
export async function verifySpoolFile(path: string): Promise<SpoolFileContent> {
  return await withFile(path, async (file) => {
    const content = await readContent(file);
    const buffer = Buffer.allocUnsafe(verifyChunkBytes);
    const end = content.messageStart + content.messageBytes + content.subjectBytes;
    let crc = 0;
    for (let at = content.messageStart; at < end; ) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end - at), at);
      if (bytesRead === 0) throw new SpoolFileDamaged("it is shorter than it was");
      crc = crc32(buffer.subarray(0, bytesRead), crc);
      at += bytesRead;
    }
    if (crc !== content.contentCrc) throw new SpoolFileDamaged("its message is damaged");
    return content;
  });
}

/** The message itself, as it was given to the writer. */
export function openMessage(path: string, { messageStart, messageBytes }: SpoolFileContent): Readable {
  if (messageBytes === 0) return Readable.from([]);
  return createReadStream(path, {
    start: messageStart,
    end: messageStart + messageBytes - 1,
    highWaterMark: 128 * 1024,
  });
}

async function readContent(file: FileHandle): Promise<SpoolFileContent> {
  const { size } = await file.stat();
  const bytes = new FileBytes(file, size, await readExactly(file, 0, Math.min(size, firstReadBytes)));
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
  readonly #size: number;
  readonly #first: Uint8Array;

  constructor(file: FileHandle, size: number, first: Uint8Array) {
    this.#file = file;
    this.#size = size;
    this.#first = first;
  }

  async at(position: number, bytes: number): Promise<Uint8Array> {
    if (position < 0 || position + bytes > this.#size) throw new SpoolFileDamaged("it is too short");
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
