import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import type { SpoolDisk } from "./disk.ts";
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

const chunkBytes = 256 * 1024;
/** Most envelopes fit: they come with one read. */
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
export async function readSpoolFile(disk: SpoolDisk, path: string): Promise<SpoolFileContent> {
  return await withFile(disk, path, readContent);
}

/** A message as it is on disk: whole, as it was accepted. */
export type SpoolMessage = { envelope: SpoolEnvelope; subject: string | null; bytes: number; open(): Readable };

/** As readSpoolFile, and reads the message through: rejects with SpoolFileDamaged when one octet is not what was accepted. */
export async function loadSpoolFile(disk: SpoolDisk, path: string): Promise<SpoolMessage> {
  return await withFile(disk, path, async (bytes) => {
    const content = await readContent(bytes);
    const { envelope, subject, messageStart, messageBytes, subjectBytes } = content;
    let crc = 0;
    for await (const chunk of pieces(bytes, messageStart, messageStart + messageBytes + subjectBytes)) {
      crc = crc32(chunk, crc);
    }
    if (crc !== content.contentCrc) throw new SpoolFileDamaged("its message is damaged");
    return { envelope, subject, bytes: messageBytes, open: () => Readable.from(readMessage(disk, path, content)) };
  });
}

async function* readMessage(
  disk: SpoolDisk,
  path: string,
  { messageStart, messageBytes }: SpoolFileContent,
): AsyncGenerator<Uint8Array> {
  const file = await disk.open(path, "r");
  try {
    const bytes = new FileBytes(disk, file, await disk.size(file));
    yield* pieces(bytes, messageStart, messageStart + messageBytes);
  } finally {
    await disk.close(file);
  }
}

async function* pieces(bytes: FileBytes, from: number, to: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; at += chunkBytes) yield await bytes.at(at, Math.min(chunkBytes, to - at));
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
  readonly size: number;
  readonly #disk: SpoolDisk;
  readonly #file: number;
  #first: Uint8Array | null = null;

  constructor(disk: SpoolDisk, file: number, size: number) {
    this.#disk = disk;
    this.#file = file;
    this.size = size;
  }

  async at(position: number, bytes: number): Promise<Uint8Array> {
    if (position < 0 || position + bytes > this.size) throw new SpoolFileDamaged("it is too short");
    if (position + bytes > firstReadBytes) return await this.#read(position, bytes);
    this.#first ??= await this.#read(0, Math.min(firstReadBytes, this.size));
    return this.#first.subarray(position, position + bytes);
  }

  async #read(position: number, bytes: number): Promise<Uint8Array> {
    const into = Buffer.allocUnsafe(bytes);
    if ((await this.#disk.read(this.#file, into, position)) !== bytes) throw new SpoolFileDamaged("it is too short");
    return into;
  }
}

async function withFile<T>(disk: SpoolDisk, path: string, read: (bytes: FileBytes) => Promise<T>): Promise<T> {
  const file = await disk.open(path, "r");
  try {
    return await read(new FileBytes(disk, file, await disk.size(file)));
  } finally {
    await disk.close(file);
  }
}
