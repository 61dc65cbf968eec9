import { crc32 } from "node:zlib";
import type { SegmentBytes } from "./segment-bytes.ts";
import {
  decodeRecordHeader,
  markBytes,
  type RecordHeader,
  recordBytes,
  recordHeaderBytes,
  segmentHeaderBytes,
} from "./segment-format.ts";

const searchBytes = 1024 * 1024;
const sectorBytes = 512;
/** Shorter runs of zeros stand in every record. */
const lostBytesMin = 8;

/** A record, or a damaged place between records. `head` is null where its checksum does not fit. */
export type Found =
  | { kind: "record"; offset: number; header: RecordHeader; head: Buffer | null }
  | { kind: "gap"; offset: number; bytes: number };
export type FoundRecord = Extract<Found, { kind: "record" }>;

/**
 * Gives every record from the segment's beginning to `end`, in order; what is damaged is passed over, up to the next place where the mark of
 * the segment stands before a sound header. Contents are not looked at. Resolves with the end of the last record.
 */
export async function scanSegment(
  bytes: SegmentBytes,
  mark: Buffer,
  end: number,
  visit: (found: Found) => void,
): Promise<number> {
  let at = segmentHeaderBytes;
  while (at + recordHeaderBytes <= end) {
    const header = decodeRecordHeader(
      bytes.peek(at, recordHeaderBytes) ?? (await bytes.at(at, recordHeaderBytes)),
      mark,
    );
    if (header === null || at + recordBytes(header) > end) {
      const next = await findRecord(bytes, mark, at + 1, end);
      if (next === null) return at;
      visit({ kind: "gap", offset: at, bytes: next - at });
      at = next;
      continue;
    }
    const from = at + recordHeaderBytes;
    const head = bytes.peek(from, header.headBytes) ?? (await bytes.at(from, header.headBytes));
    visit({ kind: "record", offset: at, header, head: crc32(head) === header.headCrc ? head : null });
    at += recordBytes(header);
  }
  return at;
}

/** Where the next sound record begins, or null. */
async function findRecord(bytes: SegmentBytes, mark: Buffer, from: number, end: number): Promise<number | null> {
  for (let at = from; at + recordHeaderBytes <= end; ) {
    const window = await bytes.at(at, Math.min(searchBytes, end - at));
    const index = window.indexOf(mark);
    if (index < 0) {
      at += Math.max(window.length - markBytes + 1, 1);
      continue;
    }
    const header = decodeRecordHeader(await bytes.at(at + index, recordHeaderBytes), mark);
    if (header !== null && at + index + recordBytes(header) <= end) return at + index;
    at += index + 1;
  }
  return null;
}

/** Whether a sound record stands anywhere from `from` on. */
export async function hasRecord(bytes: SegmentBytes, mark: Buffer, from: number): Promise<boolean> {
  return (await findRecord(bytes, mark, from, bytes.size)) !== null;
}

/** Whether the record's content is what was written. */
export async function isSound(bytes: SegmentBytes, { offset, header }: FoundRecord): Promise<boolean> {
  const content = await bytes.at(offset + recordHeaderBytes + header.headBytes, header.contentBytes);
  return content.length === header.contentBytes && crc32(content) === header.contentCrc;
}

/**
 * Whether a power cut explains the damage between two places. Space for records is zeros on disk before any is written into it, so a sector
 * whose write was lost is still zero: other damage looks otherwise.
 */
export async function isTorn(bytes: SegmentBytes, from: number, to: number): Promise<boolean> {
  for (let at = from; at < to; ) {
    const next = Math.min(at - (at % sectorBytes) + sectorBytes, to);
    const sector = bytes.peek(at, next - at) ?? (await bytes.at(at, next - at));
    if (sector.length >= lostBytesMin && isZero(sector)) return true;
    at = next;
  }
  return false;
}

/** The end of what is not zero between two places; `from` when all is. */
export async function writtenEnd(bytes: SegmentBytes, from: number, to: number): Promise<number> {
  let end = from;
  for (let at = from; at < to; at += sectorBytes) {
    const sector = await bytes.at(at, Math.min(sectorBytes, to - at));
    if (!isZero(sector)) end = at + sector.length;
  }
  return end;
}

const zeros = Buffer.alloc(sectorBytes);

function isZero(bytes: Buffer): boolean {
  return bytes.equals(zeros.subarray(0, bytes.length));
}
