import { expect, test } from "vitest";
import { authorWords } from "#components/layout/author-words.ts";

test.each([
  [{ Mara: 3 }, "you"],
  [{ Pia: 3 }, "Pia"],
  [{ Pia: 2, Mara: 5 }, "you 5, Pia 2"],
  [{ Pia: 2, Ada: 1 }, "Pia 2, Ada 1"],
  [{ Pia: 2, Ada: 1, Mara: 4, Ben: 2 }, "you 4, Pia 2, 2 more 3"],
])("changes of %j are told to Mara as those of %s", (changes, words) => {
  const authors = Object.entries(changes).map(([name, count]) => ({ name, changes: count }));
  expect(authorWords(authors, "Mara")).toBe(words);
});
