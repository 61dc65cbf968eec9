import { expect, test } from "vitest";
import { ContentError, contentOf } from "#worker/scanners/scan-content.ts";
import type { ScanSubject } from "#worker/scanners/scanner.ts";
import { bytesOf, cuts } from "../../support/chunk-invariance.ts";
import { subjectOf } from "../../support/scanned.ts";

async function read(subject: ScanSubject, start?: number, end?: number): Promise<string> {
  const pieces = [];
  for await (const piece of contentOf(subject, start, end)) {
    expect(piece.length).toBeGreaterThan(0);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("latin1");
}

test("content is read whole or in any range, however it is cut, from memory and from elsewhere", async () => {
  const text = "the content";
  for (const pieces of cuts(bytesOf(text))) {
    const held = subjectOf([new Uint8Array(0), ...pieces, new Uint8Array(0)]);
    async function* elsewhere(): AsyncGenerator<Uint8Array> {
      yield* pieces;
    }
    for (const subject of [held, { ...held, content: elsewhere }]) {
      expect(await read(subject)).toBe(text);
      for (let at = 0; at <= text.length; at++) {
        expect((await read(subject, 0, at)) + (await read(subject, at))).toBe(text);
      }
    }
  }
});

test("content that is longer or shorter than was said fails", async () => {
  const subject = subjectOf("content");
  await expect(read({ ...subject, bytes: 6 })).rejects.toThrow(ContentError);
  await expect(read({ ...subject, bytes: 8 })).rejects.toThrow("1 bytes are missing");
});
