import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inspectBytes } from "#core/files/inspect-bytes.ts";
import { entriesMax } from "#core/files/inspection-limits.ts";
import { isFileType } from "#core/files/types/file-types.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { archiveFixture } from "./archive-fixtures.ts";
import { bytesOf, joined } from "./builders/bytes.ts";
import { compoundFile, macroProject, packagedFile } from "./builders/compound-file.ts";
import { rar4, rar5 } from "./builders/rar.ts";
import { longName, pax, tar } from "./builders/tar.ts";
import { zip } from "./builders/zip.ts";
import { cpuMilliseconds } from "./cpu-time.ts";
import { portableExecutable } from "./type-samples.ts";

const text = "some words, some words, and the same words once more. ".repeat(20);
const document = compoundFile([
  { name: "WordDocument", content: `${"\0".repeat(5_000)}\x13DDE x` },
  { name: "Macros", items: macroProject("Sub AutoOpen()") },
  { name: "\x01Ole10Native", content: packagedFile("evil.exe", portableExecutable()) },
]);
const archive = zip([
  { name: "a.txt", content: text },
  { name: "document.doc", content: document },
  { name: "in.zip", content: zip([{ name: "b", content: text, descriptor: true }], { zip64: true }), store: true },
]);

/** Files with something of everything; parts of them are exchanged and cut. */
const samples: [title: string, bytes: Uint8Array][] = [
  ["zip", archive],
  [
    "tar",
    tar([
      pax({ path: "x/y", size: "3" }),
      { name: "a", content: "abc" },
      longName("z".repeat(200)),
      { name: "b.zip", content: archive },
    ]),
  ],
  ["gzip", joined(Uint8Array.from(gzipSync(archive)), Uint8Array.from(gzipSync(text)))],
  ["compound file", document],
  [
    "rich text",
    bytesOf(
      `{\\rtf1{\\object{\\*\\objdata 01050000020000000800${Buffer.from(document).toString("hex")}}}{\\fldinst DDE}\\bin5 abcde}`,
    ),
  ],
  [
    "PDF",
    bytesOf(
      "%PDF-1.7\n1 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\nx\x9cendstream endobj<</F(a)/JS/EmbeddedFile>>stream\nMZendstream",
    ),
  ],
  ["7z", archiveFixture("lzma2.7z")],
  ["7z whose header is not packed", archiveFixture("deflate.7z")],
  ["7z with encrypted content", archiveFixture("content.7z")],
  [
    "rar 4",
    rar4([
      { name: "in.zip", content: archive },
      { name: "a", unicode: "\x04\x00a.tx\x40t", content: text },
    ]),
  ],
  [
    "rar 5",
    rar5([
      { name: "in.zip", content: archive },
      { name: "a", encrypted: true, content: text },
    ]),
  ],
  ["xz", archiveFixture("t.tar.xz")],
  ["bzip2", archiveFixture("t.tar.bz2")],
  ["zip with LZMA", archiveFixture("lzma.zip")],
  ["page", bytesOf(`<html><body onload='x'>${text}<form><script>1</script>`)],
];

const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);
const rounds = 120;

/** Bytes changed, pieces repeated, moved and cut, numbers made extreme. */
function mutated(bytes: Uint8Array, random: () => number): Uint8Array {
  const place = (): number => Math.floor(random() * bytes.length);
  let result: Uint8Array = bytes.slice();
  for (let change = 0; change < 1 + random() * 6; change++) {
    const [from, to] = [place(), place()].toSorted((a, b) => a - b);
    const choice = Math.floor(random() * 5);
    if (choice === 0) result[place()] = random() * 256;
    else if (choice === 1) result.fill(random() < 0.5 ? 255 : 0, from, (from ?? 0) + 1 + random() * 8);
    else if (choice === 2) result = joined(result.subarray(0, to), result.subarray(from));
    else if (choice === 3) result = joined(result.subarray(0, from), result.subarray(to));
    else result.copyWithin(place(), from ?? 0, Math.min(to ?? 0, (from ?? 0) + 600));
  }
  return result;
}

describe(`a file that somebody changed (seed ${seed})`, () => {
  it.each(samples)("%s: is answered, within the caps", (_, bytes) => {
    const random = seededRandom(seed);
    for (let round = 0; round < rounds; round++) {
      const file = mutated(bytes, random);
      const facts = inspectBytes(file);
      expect(isFileType(facts.detectedType)).toBe(true);
      expect(facts.entries.length).toBeLessThanOrEqual(entriesMax);
      expect(facts.traits.includes("archive-too-complex")).toBe(facts.problem !== null);
    }
  });
  it.each(samples)("%s: is answered wherever it is cut", (_, bytes) => {
    const step = Math.max(1, Math.floor(bytes.length / 100));
    for (let end = 0; end < bytes.length; end += step) {
      expect(isFileType(inspectBytes(bytes.subarray(0, end)).detectedType)).toBe(true);
    }
  });
});

/** What each reader likes least, over and over. */
const repeated: [title: string, begin: string, piece: string][] = [
  ["local headers of a zip", "PK\x03\x04", "PK\x03\x04\x14\0\x08\0\x08\0"],
  ["central headers of a zip", "PK\x03\x04", "PK\x01\x02"],
  ["ends of a zip", "PK\x03\x04", "PK\x05\x06\0\0\0\0\xff\xff\xff\xff"],
  ["objects of rich text", "{\\rtf1", "\\objdata 01"],
  ["groups of rich text", "{\\rtf1", "{\\*\\objdata 0"],
  ["raw bytes of rich text", "{\\rtf1\\objdata ", "\\bin99999999 "],
  ["streams of a PDF", "%PDF-1.4", "/ObjStm/FlateDecode>>stream\n"],
  ["names of a PDF", "%PDF-1.4", "/#4a#53/F("],
  ["objects in streams of a PDF", "%PDF-1.4 /EmbeddedFile stream ", "1 0 obj stream "],
  ["tags", "<html>", "<a "],
  ["tags with quotes", "<svg>", "<a'on"],
  [
    "gzip members",
    "\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0",
    "\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0",
  ],
  ["gzip names", "\x1f\x8b\x08\x08\0\0\0\0\0\x03", "\x1f\x8b\x08\x08"],
];

describe("the time is linear in the file", () => {
  it.each(repeated)("%s", (_, begin, piece) => {
    const timeOf = (bytes: number): number => {
      const file = bytesOf(begin + piece.repeat(bytes / piece.length));
      return cpuMilliseconds(() => inspectBytes(file));
    };
    timeOf(50_000);
    const small = Math.max(20, timeOf(100_000));
    // Eight times the file: a square would take sixty-four times as long; some of it may be spent on memory.
    expect(timeOf(800_000)).toBeLessThan(small * 8 * 3);
  });
});
