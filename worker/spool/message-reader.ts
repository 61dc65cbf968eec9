import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { isErrorCode, type SpoolDisk } from "./disk.ts";
import { isSame, type Ledger } from "./ledger.ts";
import type { Place } from "./log-unit.ts";
import { parseMessageHead } from "./record-heads.ts";
import type { SegmentFiles } from "./segment-files.ts";
import { decodeRecordHeader, recordBytes, recordHeaderBytes } from "./segment-format.ts";
import { loadSpoolFile, type SpoolMessage } from "./spool-file.ts";
import { SpoolFileDamaged } from "./spool-format.ts";

/** The message is not what was accepted. `bytes` is what stands in its place, where that is in the log. */
export class MessageDamaged extends Error {
  readonly bytes: Uint8Array | null;

  constructor(reason: string, bytes: Uint8Array | null) {
    super(reason);
    this.bytes = bytes;
  }
}

export type ReaderParts = { disk: SpoolDisk; files: SegmentFiles; ledger: Ledger; largePath(id: string): string };

/** Reads a queued message. Rejects with MessageDamaged when one octet is not what was accepted; null: it is not in the queue. */
export async function readMessage(parts: ReaderParts, id: string): Promise<SpoolMessage | null> {
  const { table } = parts.ledger;
  for (let places = table.places(id); places !== null; places = table.places(id)) {
    if (places.ownFile) return await readFile(parts, id);
    const { message } = places;
    try {
      return decode(parts, message, await parts.files.read(message));
    } catch (error) {
      const now = table.places(id)?.message;
      // Its segment was cleaned while it was read: it stands elsewhere by now.
      if (now === undefined || isSame(now, message)) throw error;
    }
  }
  return null;
}

async function readFile({ disk, largePath }: ReaderParts, id: string): Promise<SpoolMessage> {
  try {
    return await loadSpoolFile(disk, largePath(id));
  } catch (error) {
    if (error instanceof SpoolFileDamaged) throw new MessageDamaged(error.message, null);
    if (isErrorCode(error, "ENOENT")) throw new MessageDamaged("its file is missing", Buffer.alloc(0));
    throw error;
  }
}

function decode({ ledger }: ReaderParts, { segment }: Place, bytes: Buffer): SpoolMessage {
  const mark = ledger.book.get(segment)?.mark;
  const header = mark === undefined ? null : decodeRecordHeader(bytes, mark);
  if (header === null || recordBytes(header) !== bytes.length) throw new MessageDamaged("its record is damaged", bytes);
  const head = bytes.subarray(recordHeaderBytes, recordHeaderBytes + header.headBytes);
  const parsed = crc32(head) === header.headCrc ? parseMessageHead(head) : null;
  if (parsed === null) throw new MessageDamaged("its envelope is damaged", bytes);
  const content = bytes.subarray(recordHeaderBytes + header.headBytes);
  if (crc32(content) !== header.contentCrc) throw new MessageDamaged("its message is damaged", bytes);
  const { envelope, subject } = parsed;
  return { envelope, subject, bytes: content.length, open: () => Readable.from([content]) };
}
