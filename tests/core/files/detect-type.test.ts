import { describe, expect, it } from "vitest";
import { detectType, headBytesMax } from "#core/files/types/detect-type.ts";
import { fileTypes } from "#core/files/types/file-types.ts";
import { signatures } from "#core/files/types/signatures.ts";
import { textMarks, textMarksMin } from "#core/files/types/text-marks.ts";
import { bytesOf } from "../../support/chunk-invariance.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { cpuMilliseconds } from "./cpu-time.ts";
import { binarySamples, nearMisses, textSamples, wideSamples } from "./type-samples.ts";

const samples = [...binarySamples, ...textSamples, ...nearMisses, ...wideSamples];

describe("the first bytes tell", () => {
  it.each(binarySamples)("%s", (_, type, bytes) => {
    expect(detectType(bytes, bytes)).toEqual({ type, family: fileTypes[type] });
  });
});

describe("text tells by how it begins or by what stands in it", () => {
  it.each(textSamples)("%s", (_, type, bytes) => {
    expect(detectType(bytes).type).toBe(type);
  });
});

describe("text is read in 16-bit encodings too", () => {
  it.each(wideSamples)("%s", (_, type, bytes) => {
    expect(detectType(bytes).type).toBe(type);
  });
});

describe("is not taken for what it resembles", () => {
  it.each(nearMisses)("%s", (_, type, bytes) => {
    expect(detectType(bytes).type).toBe(type);
  });
});

describe("a disk image of fixed size is known by its end", () => {
  it.each([
    ["conectix", "application/x-vhd"],
    ["koly\0\0\0\x04", "application/x-apple-diskimage"],
  ])("%j", (mark, type) => {
    const bytes = new Uint8Array(4096).fill(1);
    bytes.set(bytesOf(mark), bytes.length - 512);
    expect(detectType(bytes, bytes).type).toBe(type);
    expect(detectType(bytes).type).toBe("application/octet-stream");
  });
});

describe("detectType", () => {
  it("reads headBytesMax and no more", () => {
    const bytes = bytesOf(`${"x ".repeat(headBytesMax / 2)}<!doctype html><html><body>`);
    expect(detectType(bytes).type).toBe("text/plain");
  });
  it("gives every type that a signature or a mark names", () => {
    for (const { type } of [...signatures, ...textMarks]) expect(fileTypes).toHaveProperty([type]);
  });
  it("has for every kind of text marks that reach the threshold together", () => {
    const sums = new Map<string, number>();
    for (const { type, weight } of textMarks) sums.set(type, (sums.get(type) ?? 0) + weight);
    for (const sum of sums.values()) expect(sum).toBeGreaterThanOrEqual(textMarksMin);
  });

  const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);
  it(`gives one of its types for every prefix and mutation of every sample (seed ${seed})`, () => {
    const random = seededRandom(seed);
    for (const [, , bytes] of samples) {
      for (let round = 0; round < 30; round++) {
        const mutated = bytes.slice(0, Math.ceil(random() * Math.min(bytes.length, 2_000)));
        for (let hit = 0; hit < 3; hit++) mutated[Math.floor(random() * mutated.length)] = random() * 256;
        const { type, family } = detectType(mutated, mutated);
        expect(fileTypes[type]).toBe(family);
      }
    }
  });
  it("takes no more than a moment for the texts that its patterns like least", () => {
    const pieces = [
      "<a ",
      "<p ",
      "<b x on",
      "<?=",
      ";",
      "a:i:b ",
      "if [ ",
      "$a",
      " ",
      "\n",
      "\t\n",
      "-",
      "Set a = ",
      "curl ",
      "(",
      "<!--",
      "<job ",
      "PK\x03\x04",
      "%!PS",
    ];
    for (const piece of pieces) {
      const bytes = bytesOf(piece.repeat(headBytesMax / piece.length));
      const taken = cpuMilliseconds(() => detectType(bytes, bytes));
      expect(taken, `of ${JSON.stringify(piece)}`).toBeLessThan(200);
    }
  });
  it("takes no longer for a long file whose end is none of a zip", () => {
    const bytes = new Uint8Array(100_000_000).fill(1);
    expect(cpuMilliseconds(() => detectType(bytes, bytes))).toBeLessThan(100);
  });
});
