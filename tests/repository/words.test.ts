import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { verdictSchema } from "#core/contract/decision.ts";

/** What people read stands in these, beside code. */
const sources = globSync("{components,app}/**/*.{ts,tsx}").map((path) => ({
  path,
  text: words(readFileSync(path, "utf8")),
}));

/** Without comments, imports and class names. */
function words(text: string): string {
  return text
    .replaceAll(/\/\*[^]*?\*\//g, "")
    .replaceAll(/^\s*\/\/.*$/gm, "")
    .replaceAll(/^import .*$/gm, "")
    .replaceAll(/className=("[^"]*"|\{[^}]*\})/g, "");
}

function saying(pattern: RegExp): string[] {
  return sources.flatMap(({ path, text }) => [...text.matchAll(pattern)].map(([found]) => `${path}: ${found}`));
}

test("verdicts are called by their own words, lower case", () => {
  for (const verdict of verdictSchema.options) expect(verdict).toBe(verdict.toLowerCase());
  expect(saying(/\breject(s|ed|ion|ing)?\b/gi)).toEqual([]);
});

test("lists that let through or keep out are no colours", () => {
  expect(saying(/\b(white|black) ?lists?\b/gi)).toEqual([]);
});

test("buttons and dialogs say the effect: no OK, Submit, Yes, No, Are you sure", () => {
  expect(saying(/[>"'`](OK|Ok|Okay|Submit|Yes|No|Confirm)["'`<]/g)).toEqual([]);
  expect(saying(/are you sure/gi)).toEqual([]);
});

test("nothing is shouted", () => {
  expect(saying(/[a-z]!(?=["'`<])/g)).toEqual([]);
});
