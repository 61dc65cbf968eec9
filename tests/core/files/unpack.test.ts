import { deflateRawSync, deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { unpackBzip2 } from "#core/files/unpack/bzip2.ts";
import { inflateRaw, inflateZlib } from "#core/files/unpack/inflate.ts";
import type { Unpack } from "#core/files/unpack/unpacked.ts";
import { unpackXz } from "#core/files/unpack/xz.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { archiveFixture } from "./archive-fixtures.ts";
import { joined } from "./builders/bytes.ts";

const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);
const noCap = 100_000_000;

/** Runs and noise, so that every kind of token comes up. */
function content(bytes: number, random: () => number): Uint8Array {
  const result = new Uint8Array(bytes);
  for (let at = 0; at < bytes; ) {
    const run = Math.ceil(random() * 300);
    const isCopy = random() < 0.6 && at > 0;
    const from = Math.floor(random() * at);
    for (let end = Math.min(bytes, at + run), step = 0; at < end; at++, step++) {
      result[at] = isCopy ? (result[from + step] ?? 0) : random() * 256;
    }
  }
  return result;
}

/** What the fixtures unpack to. */
const tarBytes = 10_240;

const packers: [title: string, unpack: Unpack, packed: Uint8Array, whole: Uint8Array][] = [
  [
    "Deflate",
    inflateRaw,
    Uint8Array.from(deflateRawSync(content(200_000, seededRandom(7)))),
    content(200_000, seededRandom(7)),
  ],
  [
    "zlib",
    inflateZlib,
    Uint8Array.from(deflateSync(content(50_000, seededRandom(8)))),
    content(50_000, seededRandom(8)),
  ],
  ["xz", unpackXz, archiveFixture("t.tar.xz"), unpackXz(archiveFixture("t.tar.xz"), noCap).bytes],
  ["bzip2", unpackBzip2, archiveFixture("t.tar.bz2"), unpackXz(archiveFixture("t.tar.xz"), noCap).bytes],
];

describe.each(packers)("%s", (_, unpack, packed, whole) => {
  it("gives all of it, and says how much it read", () => {
    expect(whole.length).toBeGreaterThanOrEqual(tarBytes);
    const { bytes, end, packedBytes } = unpack(packed, noCap);
    expect(end).toBe("complete");
    expect(Buffer.compare(bytes, whole)).toBe(0);
    expect(packedBytes).toBeLessThanOrEqual(packed.length);
  });
  it("gives as much as it may, which is all when it just fits", () => {
    for (const bytesMax of [0, 1, 4_095, 4_096, 4_097, whole.length - 1]) {
      const { bytes, end } = unpack(packed, bytesMax);
      expect(end, `of ${bytesMax}`).toBe("cut");
      expect(Buffer.compare(bytes, whole.subarray(0, bytesMax))).toBe(0);
    }
    expect(unpack(packed, whole.length)).toMatchObject({ end: "complete" });
  });
  it("gives what came out before the end of what is cut", () => {
    const { bytes, end } = unpack(packed.subarray(0, packed.length - 60), noCap);
    expect(end).toBe("damaged");
    expect(Buffer.compare(bytes, whole.subarray(0, bytes.length))).toBe(0);
  });
  it(`never throws and keeps the cap, whatever is changed (seed ${seed})`, () => {
    const random = seededRandom(seed);
    for (let round = 0; round < 200; round++) {
      const changed = joined(packed.subarray(0, 2_000));
      for (let hit = 0; hit < 4; hit++) changed[Math.floor(random() * changed.length)] = random() * 256;
      const { bytes } = unpack(changed, 20_000);
      expect(bytes.length).toBeLessThanOrEqual(20_000);
    }
  });
});

describe("Deflate", () => {
  it("stops at its own end when something follows, and tells where that is", () => {
    const packed = Uint8Array.from(deflateRawSync("hello"));
    expect(inflateRaw(joined(packed, "more"), noCap)).toMatchObject({ end: "complete", packedBytes: packed.length });
  });
  it(`agrees with Node's own for contents of any size (seed ${seed})`, () => {
    const random = seededRandom(seed);
    for (let round = 0; round < 40; round++) {
      const whole = content(Math.floor(random() * random() * 300_000), random);
      const level = Math.floor(random() * 10);
      const { bytes, end } = inflateRaw(Uint8Array.from(deflateRawSync(whole, { level })), noCap);
      expect(end).toBe("complete");
      expect(Buffer.compare(bytes, whole)).toBe(0);
    }
  });
});
