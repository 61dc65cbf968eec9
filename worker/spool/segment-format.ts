import { crc32 } from "node:zlib";

/**
 * A segment: a file of records, one after the other, zeros behind them. Numbers big-endian; docs/spool-format.md has the whole of it.
 *   segment header  magic "PSTNSEG1" · mark (8 random octets) · u32 number · u32 number of the segment before, u32 where it ends · u32 CRC-32
 *   record header   mark · u8 version · u8 kind · u16 index and u16 count in its unit · u16 0 · u32 group · u32 CRC-32 of the id
 *                   u32 length of the head, u32 of the content · u32 CRC-32 of the head, u32 of the content · u32 CRC-32 of the header
 *   then the head (JSON) and the content (the message, octet for octet).
 * No sender can know the mark: nothing in a message can pass for a record when a damaged place is searched for the next one.
 */
const segmentMagic = Buffer.from("PSTNSEG1");
const recordVersion = 1;
export const markBytes = 8;
export const segmentHeaderBytes = 32;
export const recordHeaderBytes = 44;

/** Where a segment ends that is not written to any more: what stands behind it does not count. */
export type SegmentEnd = { number: number; end: number };

export type SegmentHeader = { mark: Buffer; number: number; before: SegmentEnd | null };

export const recordKinds = ["message", "file", "progress", "removal"] as const;
/** message: with its content. file: a message that has a file of its own. progress: what changed about one. removal: it is gone. */
export type RecordKind = (typeof recordKinds)[number];

export type RecordHeader = {
  kind: RecordKind;
  /** Records of one unit count together or not at all. */
  unitIndex: number;
  unitCount: number;
  /** Records that were flushed to disk together. */
  group: number;
  idCrc: number;
  headBytes: number;
  contentBytes: number;
  headCrc: number;
  contentCrc: number;
};

export function segmentName(number: number, mark: Uint8Array): string {
  return `${number.toString(16).padStart(8, "0")}-${Buffer.from(mark).toString("hex")}.seg`;
}

export function parseSegmentName(name: string): { number: number; mark: Buffer } | null {
  const [, number, mark] = /^([0-9a-f]{8})-([0-9a-f]{16})\.seg$/.exec(name) ?? [];
  if (number === undefined || mark === undefined) return null;
  return { number: Number.parseInt(number, 16), mark: Buffer.from(mark, "hex") };
}

export function encodeSegmentHeader({ mark, number, before }: SegmentHeader): Buffer {
  const header = Buffer.alloc(segmentHeaderBytes);
  segmentMagic.copy(header);
  mark.copy(header, 8);
  header.writeUInt32BE(number, 16);
  header.writeUInt32BE(before?.number ?? 0, 20);
  header.writeUInt32BE(before?.end ?? 0, 24);
  header.writeUInt32BE(crc32(header.subarray(0, 28)), 28);
  return header;
}

/** null: it is none. */
export function decodeSegmentHeader(bytes: Uint8Array): SegmentHeader | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < segmentHeaderBytes || !view.subarray(0, 8).equals(segmentMagic)) return null;
  if (crc32(view.subarray(0, 28)) !== view.readUInt32BE(28)) return null;
  const before = { number: view.readUInt32BE(20), end: view.readUInt32BE(24) };
  return {
    mark: Buffer.from(view.subarray(8, 16)),
    number: view.readUInt32BE(16),
    before: before.number === 0 ? null : before,
  };
}

/** Writes the header of a record into the first `recordHeaderBytes` of `into`. */
export function encodeRecordHeader(into: Buffer, mark: Uint8Array, header: RecordHeader): void {
  into.set(mark, 0);
  into.writeUInt8(recordVersion, 8);
  into.writeUInt8(recordKinds.indexOf(header.kind) + 1, 9);
  into.writeUInt16BE(header.unitIndex, 10);
  into.writeUInt16BE(header.unitCount, 12);
  into.writeUInt16BE(0, 14);
  into.writeUInt32BE(header.group, 16);
  into.writeUInt32BE(header.idCrc, 20);
  into.writeUInt32BE(header.headBytes, 24);
  into.writeUInt32BE(header.contentBytes, 28);
  into.writeUInt32BE(header.headCrc, 32);
  into.writeUInt32BE(header.contentCrc, 36);
  into.writeUInt32BE(crc32(into.subarray(0, 40)), 40);
}

/** null: no record of this version stands here. */
export function decodeRecordHeader(view: Buffer, mark: Buffer): RecordHeader | null {
  if (view.length < recordHeaderBytes || !view.subarray(0, markBytes).equals(mark)) return null;
  if (crc32(view.subarray(0, 40)) !== view.readUInt32BE(40)) return null;
  const kind = recordKinds[view.readUInt8(9) - 1];
  if (view.readUInt8(8) !== recordVersion || kind === undefined) return null;
  return {
    kind,
    unitIndex: view.readUInt16BE(10),
    unitCount: view.readUInt16BE(12),
    group: view.readUInt32BE(16),
    idCrc: view.readUInt32BE(20),
    headBytes: view.readUInt32BE(24),
    contentBytes: view.readUInt32BE(28),
    headCrc: view.readUInt32BE(32),
    contentCrc: view.readUInt32BE(36),
  };
}

export function recordBytes({ headBytes, contentBytes }: RecordHeader): number {
  return recordHeaderBytes + headBytes + contentBytes;
}
