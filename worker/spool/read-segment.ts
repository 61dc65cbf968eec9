import type { SegmentBytes } from "./segment-bytes.ts";
import { recordBytes, segmentHeaderBytes } from "./segment-format.ts";
import { type Found, isSound, isTorn, scanSegment, writtenEnd } from "./segment-scan.ts";

export type SegmentContent = {
  /** Records and damaged places in their order. */
  found: Found[];
  /** Where what counts ends. */
  end: number;
};

/** Reads a segment that was ended in order: up to `end`, or where the end is not known, up to its last record. */
export async function readEndedSegment(bytes: SegmentBytes, mark: Buffer, end: number | null): Promise<SegmentContent> {
  const found: Found[] = [];
  const last = await scanSegment(bytes, mark, Math.min(end ?? bytes.size, bytes.size), (one) => found.push(one));
  if (end !== null && last < end) found.push({ kind: "gap", offset: last, bytes: end - last });
  return { found, end: end ?? last };
}

/**
 * Reads the segment that was written last. A crash may have torn its last group: nobody was answered for it then, and it is cut as a whole.
 * What a tear does not explain is damage, and what is sound beside it stays.
 */
export async function readLastSegment(bytes: SegmentBytes, mark: Buffer): Promise<SegmentContent> {
  const all: Found[] = [];
  const last = await scanSegment(bytes, mark, bytes.size, (one) => all.push(one));
  const tail = await writtenEnd(bytes, last, bytes.size);
  if (tail > last) all.push({ kind: "gap", offset: last, bytes: tail - last });
  const records = all.filter((one) => one.kind === "record");
  const newest = records.at(-1)?.header;
  const begins = records.find(({ header }) => header.group === newest?.group)?.offset ?? last;
  let torn = newest !== undefined && newest.unitIndex + 1 !== newest.unitCount;
  const sure: Found[] = [];
  const group: Found[] = [];
  for (const one of all) {
    // A damaged place right before the group may be its first record.
    const mayBeTorn = endOf(one) > begins || (one.kind === "gap" && endOf(one) === begins);
    // What is torn behind the last record is of a group that came to nothing: the one before it was flushed by then.
    if (mayBeTorn && (await wasTorn(bytes, one))) torn ||= one.offset < last;
    else (endOf(one) <= begins ? sure : group).push(one);
  }
  const found = torn ? sure : [...sure, ...group];
  const final = found.at(-1);
  return { found, end: final === undefined ? segmentHeaderBytes : endOf(final) };
}

async function wasTorn(bytes: SegmentBytes, one: Found): Promise<boolean> {
  if (one.kind === "record" && one.head !== null && (await isSound(bytes, one))) return false;
  return await isTorn(bytes, one.offset, endOf(one));
}

function endOf(one: Found): number {
  return one.offset + (one.kind === "gap" ? one.bytes : recordBytes(one.header));
}
