import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Edit, EditList, EditWriter, editsMax, TooManyEditsError } from "#core/message/rewrite/edit.ts";
import { bytesOf, randomCut, sameForEveryCut, textOf } from "../../../support/chunk-invariance.ts";
import { seededRandom } from "../../../support/seeded-random.ts";

function listOf(...edits: [start: number, end: number, text: string][]): EditList {
  const list = new EditList();
  for (const [start, end, text] of edits) list.add({ start, end, bytes: bytesOf(text) });
  return list;
}

function edited(chunks: readonly Uint8Array[], list: EditList): string {
  let text = "";
  const writer = new EditWriter(list, (slice) => {
    text += textOf(slice);
  });
  for (const chunk of chunks) writer.write(chunk);
  writer.end();
  return text;
}

const apply = (message: string, ...edits: [number, number, string][]): string =>
  sameForEveryCut(bytesOf(message), (chunks) => edited(chunks, listOf(...edits)));

describe("a message with edits", () => {
  it("goes through slice for slice when there are none", () => {
    const chunks = [bytesOf("abc"), bytesOf("d"), bytesOf("efgh")];
    const out: Uint8Array[] = [];
    const writer = new EditWriter(new EditList(), (slice) => out.push(slice));
    for (const chunk of chunks) writer.write(chunk);
    writer.end();
    expect(out.every((slice, index) => slice === chunks[index])).toBe(true);
    expect(out.length).toBe(chunks.length);
  });

  it("shares the memory of what came where an edit stands in the middle", () => {
    const message = bytesOf("0123456789");
    const out: Uint8Array[] = [];
    const writer = new EditWriter(listOf([4, 6, "x"]), (slice) => out.push(slice));
    writer.write(message);
    expect(out.map(textOf)).toEqual(["0123", "x", "6789"]);
    expect(out.map((slice) => slice.buffer === message.buffer)).toEqual([true, false, true]);
  });

  it("has ranges replaced, removed and inserted, at its beginning and end as well", () => {
    expect(apply("0123456789", [0, 0, "<"], [2, 4, "two"], [4, 4, "|"], [6, 8, ""], [10, 10, ">"])).toBe(
      "<01two|4589>",
    );
    expect(apply("", [0, 0, "all"])).toBe("all");
  });

  it("whose range reaches beyond its end is cut off there, with what takes the place", () => {
    expect(apply("0123", [2, 9, "x"])).toBe("01x");
  });
});

describe("edits that meet", () => {
  it("the outer one wins, whichever was added first", () => {
    expect(apply("0123456789", [1, 9, "outer"], [3, 5, "inner"], [4, 4, "in"])).toBe("0outer9");
    expect(apply("0123456789", [3, 5, "inner"], [4, 4, "in"], [1, 9, "outer"])).toBe("0outer9");
  });

  it("the first of the same range stays", () => {
    expect(apply("0123456789", [1, 3, "first"], [1, 3, "second"])).toBe("0first3456789");
  });

  it("two that cross take both ranges away and leave both texts", () => {
    expect(apply("0123456789", [1, 5, "a"], [3, 8, "b"])).toBe("0ab89");
    expect(apply("0123456789", [3, 8, "b"], [1, 5, "a"])).toBe("0ab89");
    expect(apply("0123456789", [1, 3, "a"], [5, 7, "c"], [2, 6, "b"])).toBe("0abc789");
  });

  it("insertions at one place keep the order in which they were added, beside a range", () => {
    expect(apply("0123456789", [3, 6, "R"], [3, 3, "a"], [3, 3, "b"], [6, 6, "c"], [6, 6, "d"])).toBe("012abRcd6789");
  });

  it("may come while the message passes, up to the byte that comes next", () => {
    const list = listOf([2, 3, "x"]);
    let text = "";
    const writer = new EditWriter(list, (slice) => {
      text += textOf(slice);
    });
    writer.write(bytesOf("01234"));
    list.add({ start: 5, end: 7, bytes: bytesOf("y") });
    writer.write(bytesOf("5"));
    list.add({ start: 6, end: 8, bytes: bytesOf("z") });
    writer.write(bytesOf("6789"));
    expect(text).toBe("01x34yz89");
  });

  it("are as if one after the other was put in, from the end (property)", () => {
    const edits = fc.uniqueArray(fc.nat(60), { minLength: 2, maxLength: 24 }).map((places) => {
      const sorted = places.toSorted((a, b) => a - b);
      return Array.from(
        { length: sorted.length >> 1 },
        (_, n) => [sorted[2 * n] ?? 0, sorted[2 * n + 1] ?? 0] as const,
      );
    });
    fc.assert(
      fc.property(edits, fc.array(fc.string({ maxLength: 5 })), fc.nat(), (ranges, texts, seed) => {
        const message = bytesOf("0123456789".repeat(6));
        const wanted: Edit[] = ranges.map(([start, end], n) => ({ start, end, bytes: bytesOf(texts[n] ?? "") }));
        const list = new EditList();
        const random = seededRandom(seed);
        for (const edit of wanted.toSorted(() => random() - 0.5)) list.add(edit);
        let naive = textOf(message);
        for (const { start, end, bytes } of wanted.toReversed())
          naive = naive.slice(0, start) + textOf(bytes) + naive.slice(end);
        expect(edited(randomCut(message, random), list)).toBe(naive);
      }),
    );
  });

  it("never lose a removal, whatever crosses what (property)", () => {
    const range = fc.tuple(fc.nat(50), fc.nat(10)).map(([start, length]) => ({ start, end: start + length }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 30 }), (ranges) => {
        const message = Uint8Array.from({ length: 60 }, (_, n) => n);
        const list = new EditList();
        for (const { start, end } of ranges) list.add({ start, end, bytes: Uint8Array.of(200) });
        const kept = [...edited([message], list)].map((one) => one.charCodeAt(0)).filter((byte) => byte < 60);
        expect(kept).toEqual([...message].filter((at) => !ranges.some(({ start, end }) => start <= at && at < end)));
        for (let n = 1; n < list.length; n++)
          expect(list.at(n)?.start).toBeGreaterThanOrEqual(list.at(n - 1)?.end ?? 0);
      }),
    );
  });
});

describe("what is no edit", () => {
  it.each([
    [-1, 2],
    [3, 2],
    [Number.NaN, 2],
  ])("a range from %s to %s is an error of the caller", (start, end) => {
    expect(() => new EditList().add({ start, end, bytes: bytesOf("") })).toThrow(RangeError);
  });

  it(`emits an error if there are more than ${editsMax}`, () => {
    const list = new EditList();
    for (let at = 0; at < editsMax; at++) list.add({ start: 2 * at, end: 2 * at + 1, bytes: bytesOf("") });
    expect(() => list.add({ start: 0, end: 0, bytes: bytesOf("") })).toThrow(TooManyEditsError);
  });
});
