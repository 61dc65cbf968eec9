import { expect, test } from "vitest";
import { runWords } from "#components/simulator/run-words.ts";

const passes = { name: "a", failure: null };
const fails = { name: "b", failure: "It was allowed." };

test.each([
  { runs: [passes], words: "It passes." },
  { runs: [passes, passes], words: "All 2 pass." },
  { runs: [fails], words: "1 of 1 fails: publishing is refused." },
  { runs: [fails, passes, fails], words: "2 of 3 fail: publishing is refused." },
])("how policy tests fared is said in a sentence: $words", ({ runs, words }) => {
  expect(runWords(runs)).toBe(words);
});
