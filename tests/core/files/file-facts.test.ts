import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { traitNames } from "#core/contract/traits.ts";
import { fileTraits } from "#core/files/file-facts.ts";
import * as limits from "#core/files/inspection-limits.ts";
import { families, fileTypes } from "#core/files/types/file-types.ts";

const page = readFileSync(new URL("../../../docs/file-inspection.md", import.meta.url), "utf8");

describe("the page on file inspection", () => {
  it("names every type, family, trait and cap", () => {
    const names = [
      ...Object.keys(fileTypes),
      ...Object.keys(families),
      ...Object.keys(fileTraits),
      ...Object.keys(limits),
    ];
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
  it("says how large each cap is", () => {
    for (const value of Object.values(limits)) expect(page).toContain(value.toLocaleString("en-GB"));
  });
});

describe("the traits of files", () => {
  it("are words that rules know", () => {
    expect(Object.keys(fileTraits).filter((trait) => !traitNames.some((name) => name === trait))).toEqual([]);
  });
});
