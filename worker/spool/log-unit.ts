import { crc32 } from "node:zlib";
import { encodeRecordHeader, type RecordKind, recordHeaderBytes } from "./segment-format.ts";

export type Place = { segment: number; offset: number; bytes: number };

/** A record that waits for its group. */
export type LogRecord = {
  kind: RecordKind;
  idCrc: number;
  head: Buffer;
  content: readonly Uint8Array[];
  contentBytes: number;
  contentCrc: number;
};

/** Records that count together or not at all. */
export type LogUnit = {
  records: readonly LogRecord[];
  /**
   * What is true already, and the log only has to keep: when it cannot be written now it is written as soon as that is possible. Other units
   * are given up then.
   */
  steadfast: boolean;
  /** Not to be written any more, if it is not being written already. */
  cancelled: boolean;
  /** Called once, when the records are on disk, with where they are. */
  written(places: readonly Place[]): void;
  /** Called when they are not; of a steadfast unit `written` may still follow. */
  failed(error: Error): void;
};

export function logRecord(
  kind: RecordKind,
  id: string,
  head: object,
  content: { chunks: readonly Uint8Array[]; bytes: number; crc: number } = { chunks: [], bytes: 0, crc: 0 },
): LogRecord {
  return {
    kind,
    idCrc: crc32(id),
    head: Buffer.from(JSON.stringify(head)),
    content: content.chunks,
    contentBytes: content.bytes,
    contentCrc: content.crc,
  };
}

export function unitBytes({ records }: LogUnit): number {
  return records.reduce((sum, record) => sum + bytesOf(record), 0);
}

/** The units as they stand in the segment, one after the other. */
export function encodeGroup(units: readonly LogUnit[], mark: Uint8Array, group: number): Buffer {
  const whole = Buffer.allocUnsafe(units.reduce((sum, unit) => sum + unitBytes(unit), 0));
  let at = 0;
  for (const { records } of units) {
    for (const [unitIndex, record] of records.entries()) {
      const { kind, idCrc, head, content, contentBytes, contentCrc } = record;
      encodeRecordHeader(whole.subarray(at), mark, {
        ...{ kind, idCrc, group, unitIndex, unitCount: records.length, contentBytes, contentCrc },
        headBytes: head.length,
        headCrc: crc32(head),
      });
      at += recordHeaderBytes;
      for (const piece of [head, ...content]) {
        whole.set(piece, at);
        at += piece.length;
      }
    }
  }
  return whole;
}

/** Where each unit's records are, when the first begins at `offset`. */
export function placesOf(units: readonly LogUnit[], segment: number, offset: number): Place[][] {
  let at = offset;
  return units.map(({ records }) =>
    records.map((record) => {
      const place = { segment, offset: at, bytes: bytesOf(record) };
      at += place.bytes;
      return place;
    }),
  );
}

function bytesOf({ head, contentBytes }: LogRecord): number {
  return recordHeaderBytes + head.length + contentBytes;
}
