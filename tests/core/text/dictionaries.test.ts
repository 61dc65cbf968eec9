import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileDictionaries, patternsMax } from "#core/text/dictionary/compile-dictionaries.ts";
import { samplesMax } from "#core/text/dictionary/dictionary-tally.ts";
import { compiled, dictionary, score } from "../../support/dictionaries.ts";

describe("a word", () => {
  it.each([
    ["in a sentence", "secret", "This is secret."],
    ["in another case", "secret", "SECRET"],
    ["beside punctuation", "secret", "(secret-free)"],
    ["in full-width letters", "secret", "ｓｅｃｒｅｔ"],
    ["in mathematical letters", "secret", "𝐬𝐞𝐜𝐫𝐞𝐭"],
    ["with invisible characters inside", "secret", "se\u200bcr\u00adet"],
    ["with NUL inside", "secret", "s\0e\0c\0r\0e\0t"],
    ["with accents, composed or not", "café", "cafe\u0301"],
    ["struck through", "secret", "s\u0336e\u0336c\u0336r\u0336e\u0336t\u0336"],
    ["with a ligature", "office", "oﬃce"],
    ["Greek, with a final sigma", "ΜΥΣΤΙΚΟΣ", "μυστικος"],
    ["Turkish", "İzmir", "izmir"],
    ["of a script without blanks", "机密", "这是机密文件"],
    ["of symbols", "C++", "we use C++, do we"],
    ["at the very beginning and end", "secret", "secret"],
    ["overlapping another one", "a b", "a a b"],
  ])("is found %s", (_, word, text) => {
    expect(score([{ word }], text)).toBe(1);
  });

  it.each([
    ["inside a longer one", "cret", "secret"],
    ["as the beginning of one", "secret", "secretary"],
    ["before a letter with an accent", "caf", "café"],
    ["before a letter outside the first plane", "secret", "secret𐐨"],
    ["beside an underscore", "secret", "top_secret"],
  ])("is not found %s", (_, word, text) => {
    expect(score([{ word }], text)).toBe(0);
  });

  it("is found in its own case only where case counts", () => {
    const entries = [{ word: "SECRET", caseSensitive: true }];
    expect(score(entries, "a secret, a Secret")).toBe(0);
    expect(score(entries, "a SECRET")).toBe(1);
    expect(
      score(
        [
          { word: "SECRET", caseSensitive: true },
          { word: "secret", weight: 5 },
        ],
        "Secret",
      ),
    ).toBe(5);
  });
});

describe("a phrase", () => {
  it.each(["project falcon", "Project   Falcon", "project\r\n  falcon", "project\u00a0falcon", "project\tfalcon"])(
    "is found over any blanks: %j",
    (text) => {
      expect(score([{ phrase: "Project Falcon" }], `the ${text}.`)).toBe(1);
    },
  );

  it("is found beside those that are its parts", () => {
    expect(
      score(
        [{ phrase: "top secret plan" }, { word: "secret", weight: 10 }, { phrase: "secret plan", weight: 100 }],
        "top secret plan",
      ),
    ).toBe(111);
  });
});

describe("an expression", () => {
  it("is found without regard to case, unless it says so", () => {
    expect(score([{ pattern: "prj-\\d{6}" }], "see PRJ-123456")).toBe(1);
    expect(score([{ pattern: "prj-\\d{6}", caseSensitive: true }], "see PRJ-123456")).toBe(0);
  });

  it("sees the text as it is compared: one kind of dash, one blank", () => {
    expect(score([{ pattern: "a - b" }], "a  –\u00a0b")).toBe(1);
  });
});

describe("counting", () => {
  it("counts what differs, or all of it, by the dictionary's choice", () => {
    const text = "4111 1111 1111 1111, 4111-1111-1111-1111 and 5555555555554444";
    expect(score([{ classifier: "payment-card" }], text)).toBe(2);
    expect(score([{ classifier: "payment-card" }], text, { count: "all" })).toBe(3);
    expect(score([{ word: "a" }], "a a A")).toBe(1);
    expect(score([{ word: "a" }], "a a A", { count: "all" })).toBe(3);
    expect(score([{ pattern: "x\\d" }], "x1 X1 x2")).toBe(2);
  });

  it("counts no more than the entry's most, and multiplies by its weight", () => {
    expect(score([{ word: "a", weight: 5, max: 2 }], "a a a", { count: "all" })).toBe(10);
    expect(score([{ pattern: "x\\d", weight: 5, max: 2 }], "x1 x2 x3")).toBe(10);
  });

  it("takes away for entries of negative weight", () => {
    expect(
      score(
        [
          { word: "secret", weight: 5 },
          { word: "newsletter", weight: -3 },
        ],
        "secret newsletter",
      ),
    ).toBe(2);
  });

  it("reaches the threshold or does not", () => {
    const dictionaries = compiled(
      dictionary([{ classifier: "email-address" }], { name: "addresses", threshold: 3 }),
      dictionary([{ word: "at" }], { name: "words" }),
    );
    const tally = dictionaries.tally();
    tally.add("part 1", "a@example.com at b@example.com");
    expect(tally.reached()).toEqual(["words"]);
    tally.add("part 2", "A@example.com c@example.com");
    expect(tally.reached()).toEqual(["addresses", "words"]);
  });

  it("adds up over texts, and tallies add up to that of all their texts", () => {
    const word = fc.constantFrom("a", "b", "x1", "x2", "x3", "4111111111111111");
    const texts = fc.array(fc.array(word).map((words) => words.join(" ")));
    const entries = [{ word: "a", max: 3 }, { pattern: "x\\d", max: 2 }, { classifier: "payment-card" }];
    fc.assert(
      fc.property(texts, texts, fc.constantFrom("all", "distinct"), (one, other, count) => {
        const dictionaries = compiled(dictionary(entries, { count }));
        const [together, first, second] = [dictionaries.tally(), dictionaries.tally(), dictionaries.tally()];
        for (const text of [...one, ...other]) together.add("x", text);
        for (const text of one) first.add("x", text);
        for (const text of other) second.add("x", text);
        first.merge(second);
        const scores = [first, together].map((tally) =>
          tally.results().map(({ score, entries }) => [score, entries.map(({ count }) => count)]),
        );
        expect(scores[0]).toEqual(scores[1]);
      }),
    );
  });
});

describe("words that must be near", () => {
  const near = { words: ["card", "credit limit"], within: 10 };

  it.each([
    ["before", "card 1234567 x99", 1],
    ["after", "x99 is the card", 1],
    ["at the very distance", "card123456789x99".replace("card", "card ").replace("9x", " x"), 1],
    ["a phrase", "Credit\nLimit: x99", 1],
    ["too far before", "card 12345678901 x99", 0],
    ["too far after", "x99 12345678901 card", 0],
    ["only part of a longer word", "cardboard x99", 0],
    ["nowhere", "x99", 0],
  ])("%s", (_, text, expected) => {
    expect(score([{ pattern: "x\\d+", near }], text)).toBe(expected);
  });

  it("let each match count or not for itself", () => {
    expect(score([{ word: "x", near }], `x card x ${".".repeat(50)} x`, { count: "all" })).toBe(2);
  });

  it("may not be the match itself", () => {
    expect(score([{ word: "card", near: { words: ["card"], within: 10 } }], "card")).toBe(0);
    expect(score([{ word: "card", near: { words: ["card"], within: 10 } }], "card card")).toBe(1);
  });

  it("are those of the classifier where its check is weak, unless the entry has its own", () => {
    expect(score([{ classifier: "us-ssn" }], "number 123-45-6789")).toBe(0);
    expect(score([{ classifier: "us-ssn" }], "SSN: 123-45-6789")).toBe(1);
    expect(score([{ classifier: "us-ssn", near: { words: ["number"] } }], "number 123-45-6789")).toBe(1);
  });

  it("agree with a search of every pair, whatever the text is", () => {
    const piece = fc.constantFrom("card", "x99", "x1", ".", "....", "credit limit", "cards");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.integer({ min: 1, max: 30 }), (pieces, within) => {
        const text = pieces.join(" ");
        const spans = (expression: RegExp) =>
          [...text.matchAll(expression)].map(({ index, 0: all }) => [index, index + all.length] as const);
        const contexts = spans(/\bcard\b|\bcredit limit\b/g);
        const expected = spans(/\bx\d+/g).filter(([start, end]) =>
          contexts.some(([from, to]) => (to <= start && start - to <= within) || (from >= end && from - end <= within)),
        ).length;
        expect(score([{ pattern: "\\bx\\d+", near: { words: near.words, within } }], text, { count: "all" })).toBe(
          expected,
        );
      }),
    );
  });
});

describe("a number", () => {
  const card = [{ classifier: "payment-card" }];

  it("is found where a long line is wrapped inside of it", () => {
    expect(score(card, `${"word ".repeat(12)}4111 1111\r\n1111 1111`)).toBe(1);
  });

  it("is not made of numbers under each other", () => {
    expect(score(card, "4111\n1111\n1111\n1111")).toBe(0);
    expect(score(card, "4111111111111111\n5555555555554444")).toBe(2);
  });
});

describe("the result", () => {
  it("tells for each entry its count, place and masked samples, capped", () => {
    const tally = compiled(
      dictionary([
        { phrase: "project falcon" },
        { classifier: "payment-card", weight: 4 },
        { pattern: "prj-\\d+" },
        { word: "absent" },
      ]),
    ).tally();
    tally.add("subject", "Project  Falcon");
    tally.add("part 2", "4111 1111 1111 1111 PRJ-1 PRJ-22 PRJ-333 PRJ-4444");
    expect(tally.results()).toEqual([
      {
        name: "d",
        score: 9,
        reached: true,
        entries: [
          {
            entry: 0,
            label: "project falcon",
            count: 1,
            weight: 1,
            samples: [{ place: "subject", text: "Project Falcon" }],
          },
          {
            entry: 1,
            label: "Payment card number",
            count: 1,
            weight: 4,
            samples: [{ place: "part 2", text: "4111 **** **** 1111" }],
          },
          { entry: 2, label: "prj-\\d+", count: 4, weight: 1, samples: expect.any(Array) },
        ],
      },
    ]);
    expect(tally.results()[0]?.entries[2]?.samples).toHaveLength(samplesMax);
  });
});

describe("dictionaries are refused whole, with every reason, for", () => {
  it.each([
    ["a classifier that does not exist", { classifier: "shoe-size" }, /no classifier shoe-size/],
    ["an expression that is not RE2", { pattern: "(?=x)" }, /look-around/],
    ["an expression that matches nothing", { pattern: "x*" }, /empty/],
    ["a word that nobody can see", { word: "\u200b" }, /visible/],
    ["a near word that nobody can see", { word: "x", near: { words: [" "] } }, /visible/],
  ])("%s", (_, entry, reason) => {
    const result = compileDictionaries([dictionary([{ word: "fine" }, entry])]);
    expect(result).toMatchObject({
      ok: false,
      problems: [{ dictionary: "d", entry: 1, reason: expect.stringMatching(reason) }],
    });
  });

  it("more expressions than a text can be passed over for", () => {
    const entries = Array.from({ length: patternsMax + 1 }, (_, n) => ({ pattern: `x${n}` }));
    expect(compileDictionaries([dictionary(entries)])).toMatchObject({ ok: false, problems: [{ entry: null }] });
  });
});
