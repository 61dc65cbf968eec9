import { expect, test } from "vitest";
import { authorWords } from "#components/layout/author-words.ts";

test.each([
  [["Mara"], "you"],
  [["Pia"], "Pia"],
  [["Pia", "Mara"], "you and Pia"],
  [["Pia", "Ada"], "Pia and Ada"],
  [["Pia", "Ada", "Mara", "Ben"], "you, Pia and 2 more"],
])("changes of %j are told to Mara as those of %s", (authors, words) => {
  expect(authorWords(authors, "Mara")).toBe(words);
});
