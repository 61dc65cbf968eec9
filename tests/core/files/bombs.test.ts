import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { partTextMax } from "#core/files/archives/zip.ts";
import type { FileFacts } from "#core/files/file-facts.ts";
import { inspectBytes } from "#core/files/inspect-bytes.ts";
import * as limits from "#core/files/inspection-limits.ts";
import { bytesOf, joined } from "./builders/bytes.ts";
import { tar } from "./builders/tar.ts";
import { type ZipItem, zip } from "./builders/zip.ts";
import { cpuMilliseconds } from "./cpu-time.ts";

const zeros = (bytes: number): Uint8Array => new Uint8Array(bytes);
const mebibyte = 1_048_576;

function nested(levels: number): Uint8Array {
  let bytes = zip([{ name: "a.txt", content: "x" }]);
  for (let level = 1; level < levels; level++) bytes = zip([{ name: "in.zip", content: bytes }]);
  return bytes;
}

/** Zips of zips, each level with `width` of them. */
function tree(width: number, levels: number): Uint8Array {
  let bytes = zip([{ name: "a.txt", content: zeros(mebibyte) }]);
  for (let level = 0; level < levels; level++) {
    bytes = zip(Array.from({ length: width }, (_, index) => ({ name: `${index}.zip`, content: bytes })));
  }
  return bytes;
}

/** What pseudo-random bytes pack to: nearly nothing is gained. */
function noise(bytes: number): Uint8Array {
  const content = zeros(bytes);
  let state = 1;
  for (let at = 0; at < bytes; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    content[at] = state >>> 24;
  }
  return content;
}

type Measured = { facts: FileFacts; milliseconds: number; megabytes: number };

/** Inspects while it looks at what the process holds; the bytes that typed arrays hold are what a bomb takes. */
function measured(bytes: Uint8Array): Measured {
  const before = process.memoryUsage().rss;
  let facts: FileFacts | null = null;
  const milliseconds = cpuMilliseconds(() => {
    facts = inspectBytes(bytes);
  });
  if (facts === null) throw new Error("not inspected");
  return { facts, milliseconds, megabytes: (process.memoryUsage().rss - before) / mebibyte };
}

const secondsMax = 25;
const megabytesMax = 200;

const bombs: [title: string, bytes: Uint8Array, problem: string][] = [
  [
    "a zip of 200 MiB of nothing",
    zip([{ name: "zeros", content: zeros(200 * mebibyte) }]),
    `content is more than ${limits.ratioMax} times`,
  ],
  ["zips in zips, eight wide and three deep", tree(8, 3), `content is more than ${limits.ratioMax} times`],
  [
    "60,000 entries",
    zip(Array.from({ length: 60_000 }, (_, index): ZipItem => ({ name: `${index}`, store: true }))),
    `more than ${limits.entriesMax} entries`,
  ],
  [
    "a gzip of 150 MiB of nothing",
    Uint8Array.from(gzipSync(zeros(150 * mebibyte))),
    `more than ${limits.unpackedBytesMax} bytes are to be unpacked`,
  ],
  [
    "a gzip of 90 MiB of nothing",
    Uint8Array.from(gzipSync(zeros(90 * mebibyte))),
    `content is more than ${limits.ratioMax} times`,
  ],
  [
    "a gzip that says that it is small",
    lying(Uint8Array.from(gzipSync(zeros(150 * mebibyte)))),
    "bytes are to be unpacked",
  ],
  [
    "a zip that says that its zip is small",
    zip([
      {
        name: "a.zip",
        content: zip([{ name: "b.zip", content: joined(zip([{ name: "c" }]), zeros(150 * mebibyte)) }]),
        declaredBytes: 100,
      },
    ]),
    `content is more than ${limits.ratioMax} times`,
  ],
  ["zips nested one too deep", nested(limits.archiveDepthMax + 1), `nested more than ${limits.archiveDepthMax} deep`],
  [
    "entries that claim a gigabyte each",
    zip([
      { name: "a", store: true, declaredBytes: 1_000_000_000 },
      { name: "b", store: true, declaredBytes: 1_000_000_000 },
    ]),
    "content is more than",
  ],
  [
    "entries that claim a gigabyte together",
    zip(["a", "b"].map((name) => ({ name, content: noise(3 * mebibyte), store: true, declaredBytes: 600_000_000 }))),
    `the entries are more than ${limits.declaredBytesMax} bytes`,
  ],
  [
    "ten thousands of streams to unpack",
    bytesOf(`%PDF-1.7\n${"<</ObjStm/FlateDecode>>stream\nendstream\n".repeat(limits.unpackedPiecesMax + 1)}`),
    `more than ${limits.unpackedPiecesMax} pieces are to be unpacked`,
  ],
  [
    "a document whose text is too long",
    zip([
      { name: "[Content_Types].xml", content: "<Types/>" },
      { name: "word/document.xml", content: noise(partTextMax + 1), store: true },
    ]),
    `a part is longer than ${partTextMax} bytes`,
  ],
  ["entries that all share one content", overlapping(1_000), "content is more than"],
];

function lying(gzip: Uint8Array): Uint8Array {
  gzip.set([1, 0, 0, 0], gzip.length - 4);
  return gzip;
}

/** A central directory with many names for one packed megabyte (a bomb without nesting). */
function overlapping(count: number): Uint8Array {
  const one = zip([{ name: "aaaa", content: noise(mebibyte) }]);
  const at = Buffer.from(one).lastIndexOf("PK\x01\x02");
  const header = one.subarray(at, at + 50);
  const end = Uint8Array.from(one.subarray(at + 50));
  const view = new DataView(end.buffer);
  for (const place of [8, 10]) view.setUint16(place, count, true);
  view.setUint32(12, count * header.length, true);
  return joined(one.subarray(0, at), ...Array.from({ length: count }, () => header), end);
}

describe("a bomb is stopped by a cap, in time and memory", () => {
  it.each(bombs)("%s", (_, bytes, problem) => {
    const { facts, milliseconds, megabytes } = measured(bytes);
    expect(facts.traits).toContain("archive-too-complex");
    expect(facts.problem).toContain(problem);
    expect(milliseconds).toBeLessThan(secondsMax * 1_000);
    expect(megabytes).toBeLessThan(megabytesMax);
  });
});

describe("what is large for a reason is read to its end", () => {
  it.each<[string, Uint8Array]>([
    ["archives nested as deep as is read", nested(limits.archiveDepthMax)],
    [
      "as many entries as are listed",
      tar(Array.from({ length: limits.entriesMax }, (_, index) => ({ name: `${index}`, kind: "5" }))),
    ],
    ["5 MiB that hardly pack", zip([{ name: "a.bin", content: noise(5 * mebibyte) }])],
    [
      "40 MiB in a tar in a gzip",
      Uint8Array.from(gzipSync(tar([{ name: "a", content: noise(40 * mebibyte) }]), { level: 1 })),
    ],
  ])("%s", (_, bytes) => {
    const { facts, milliseconds } = measured(bytes);
    expect(facts.problem).toBeNull();
    expect(facts.traits).toEqual(["archive"]);
    expect(milliseconds).toBeLessThan(secondsMax * 1_000);
  });
});
