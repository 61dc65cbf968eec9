import { describe, expect, it } from "vitest";
import { type InspectorSink, MessageInspector } from "#core/message/inspector.ts";
import { bytesOf, sameForEveryCut } from "../../../support/chunk-invariance.ts";
import { inspectChunks } from "../../../support/inspected.ts";
import { retainedBytes } from "../../../support/retained-memory.ts";
import { contentSamples } from "./content-samples.ts";
import { nameSamples } from "./name-samples.ts";
import type { Sample } from "./sample.ts";
import { structureSamples } from "./structure-samples.ts";

const samples: readonly Sample[] = [...nameSamples, ...structureSamples, ...contentSamples];

/** Longer samples are read whole only. */
const cutBytesMax = 4_000;
/** A message of about this size is timed against one of twice the size. */
const timedBytes = 250_000;
/** Twice the size may take this many times as long; below this time it is not looked at. */
const timeRatioMax = 4;
const timeMsMin = 40;
/** Held while a message is read, whatever is in it: the largest header in its readings, and the heads of the parts that are open. */
const memoryBytesMax = 16 * 1_048_576;

function wire({ raw, message }: Sample, size: number): Uint8Array {
  const text = message(size);
  return bytesOf(raw === true ? text : text.replaceAll("\n", "\r\n"));
}

function observed(chunks: readonly Uint8Array[]): Required<Omit<Sample, "title" | "message" | "raw">> {
  const { parts, contents, ambiguous, unscannable } = inspectChunks(chunks);
  return {
    types: parts.map((part) => part.contentTypes[0] ?? ""),
    names: parts.flatMap((part) => part.fileNames),
    traits: [...new Set(parts.flatMap((part) => part.traits))],
    ambiguous,
    unscannable: unscannable[0] ?? "",
    contents: Object.values(contents),
  };
}

/** The size of the sample that makes a message of about so many bytes. */
function sizeFor(sample: Sample, bytes: number): number {
  const step = wire(sample, 2).length - wire(sample, 1).length;
  return Math.max(1, Math.ceil(bytes / Math.max(1, step)));
}

const ignore = (): void => {};
const silent: InspectorSink = {
  headerLine: ignore,
  headersEnd: ignore,
  part: ignore,
  partBody: ignore,
  partEnd: ignore,
  ambiguous: ignore,
  unscannable: ignore,
};

/** Reads everything there is to read of a message; `measure` is called when all but its end was read. */
function read<T>(bytes: Uint8Array, measure: () => T): T {
  const needs = { header: true, attachment: true, content: true };
  const inspector = new MessageInspector(needs, silent, (text) => Buffer.from(text, "base64"));
  for (let at = 0; at < bytes.length; at += 65_536) inspector.write(bytes.subarray(at, at + 65_536));
  const measured = measure();
  inspector.end();
  return measured;
}

/** Milliseconds of the processor, the best of three. */
function timeOf(bytes: Uint8Array): number {
  const times = [1, 2, 3].map(() => {
    const start = process.cpuUsage();
    read(bytes, ignore);
    return process.cpuUsage(start).user / 1_000;
  });
  return Math.min(...times);
}

describe("of a hostile message the outline tells", () => {
  it("at least 60 samples are known", () => {
    expect(samples.length).toBeGreaterThanOrEqual(60);
    expect(new Set(samples.map(({ title }) => title)).size).toBe(samples.length);
  });

  it.each(samples.map((sample) => [sample.title, sample] as const))("%s", (_, sample) => {
    const bytes = wire(sample, 1);
    // A cap of a megabyte is not tried at every cut.
    const told = bytes.length > cutBytesMax ? observed([bytes]) : sameForEveryCut(bytes, observed);
    const { types, names = [], traits = [], ambiguous = [], unscannable = "" } = sample;
    expect(told).toMatchObject({ types, traits, ambiguous, unscannable });
    expect(told.names).toEqual(expect.arrayContaining(names));
    if (names.length === 0) expect(told.names).toEqual([]);
    if (sample.contents !== undefined) expect(told.contents).toEqual(sample.contents);
  });
});

describe("in linear time and within the stated memory is read", () => {
  it.each(samples.map((sample) => [sample.title, sample] as const))("%s", (_, sample) => {
    const size = sizeFor(sample, timedBytes);
    const twice = wire(sample, size * 2);
    const took = timeOf(twice);
    if (took > timeMsMin) expect(took / timeOf(wire(sample, size))).toBeLessThan(timeRatioMax);
    const before = retainedBytes();
    expect(read(twice, retainedBytes) - before).toBeLessThan(memoryBytesMax);
  });
});
