import { expect, it } from "vitest";
import { StrayDelimiter } from "#core/message/stray-delimiter.ts";
import { bytesOf, randomCut, sameForEveryCut } from "../../support/chunk-invariance.ts";
import { seededRandom } from "../../support/seeded-random.ts";

function isSeen(chunks: readonly Uint8Array[]): boolean {
  const watch = new StrayDelimiter();
  for (const chunk of chunks) watch.write(chunk);
  return watch.seen;
}

it.each([
  ["\r--", true],
  ["text\r--b\r\n", true],
  ["\r\r--", true],
  ["--\r--", true],
  ["---------\r---------", true],
  ["", false],
  ["\r", false],
  ["\r-", false],
  ["--", false],
  ["\r\n--b\r\n", false],
  ["\r-x\r-", false],
  ["\r -- \r\n-\r\n", false],
])("sees two dashes behind a CR that stands alone, however they come: %j is %s", (text, expected) => {
  expect(sameForEveryCut(bytesOf(text), isSeen)).toBe(expected);
});

it("finds what a search through the whole text finds", () => {
  const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);
  const random = seededRandom(seed);
  for (let round = 0; round < 3_000; round++) {
    const text = Array.from({ length: 1 + Math.floor(random() * 40) }, () => "\r-\nx"[Math.floor(random() * 4)]).join(
      "",
    );
    expect(isSeen(randomCut(bytesOf(text), random)), `POSTERN_SEED=${seed}: ${JSON.stringify(text)}`).toBe(
      text.includes("\r--"),
    );
  }
});
