import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldedText, isWordBoundary, normalText } from "#core/text/dictionary/normal-text.ts";
import { compiled, dictionary } from "../../support/dictionaries.ts";
import { expectLinearTime } from "../../support/linear-time.ts";

describe("many words", () => {
  it("are found in one pass exactly where a search for each finds them", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "ß", "é", "1", "中"), minLength: 1, maxLength: 4 });
    const text = fc.string({ unit: fc.constantFrom("a", "b", "ß", "é", "1", "中", " ", "-"), maxLength: 60 });
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 12 }), text, (words, content) => {
        const folded = foldedText(normalText(content));
        const expected = words.map((one) => {
          let count = 0;
          for (let at = folded.indexOf(one); at >= 0; at = folded.indexOf(one, at + 1)) {
            if (isWordBoundary(folded, at) && isWordBoundary(folded, at + one.length)) count++;
          }
          return count;
        });
        const tally = compiled(
          dictionary(
            words.map((one) => ({ word: one })),
            { count: "all" },
          ),
        ).tally();
        tally.add("x", content);
        const counts = words.map(
          (_, place) => tally.results()[0]?.entries.find(({ entry }) => entry === place)?.count ?? 0,
        );
        expect(counts).toEqual(expected);
      }),
    );
  });

  const thousand = Array.from({ length: 1_000 }, (_, n) => ({ word: `w${n.toString(36)}` }));
  const strong = ["payment-card", "iban", "us-ssn", "de-tax-id", "email-address"].map((classifier) => ({ classifier }));
  const dictionaries = compiled(dictionary([...thousand, ...strong, { word: "a", near: { words: ["b"] } }]));

  it.each([
    "w1 ",
    "words of a usual kind, 12 of them. ",
    "a b ",
    "a ",
    "1234567890",
    "4444 ",
    "a@",
    "ssn 123-45-6789 ",
    " ",
    "\t\n",
    "ﷺ",
    "İ",
    "a\u200b",
  ])("are found in linear time among many %j", (piece) => {
    expectLinearTime(
      (size) => piece.repeat(size / piece.length),
      (text) => dictionaries.tally().add("x", text),
    );
  });
});

const anyCharacter = fc.oneof(
  fc.nat(0x10ffff).map((code) => String.fromCodePoint(code)),
  fc.constantFrom("İ", "ς", "ﬃ", "ﷺ", "e\u0301", "\u200b", "\u2028", "\r\n", "  ", "–"),
);

describe("the text that is compared", () => {
  it("keeps every place when its case is folded, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 300 }), (text) => {
        const normal = normalText(text);
        expect(foldedText(normal)).toHaveLength(normal.length);
        expect(normalText(normal)).toBe(normal);
        expect(normal.length).toBeLessThanOrEqual(5 * text.length);
      }),
    );
  });
});
