import { expect, it } from "vitest";
import { foundEntriesMax, searchEntries } from "#lib/lists/search-entries.ts";

it.each([
  [
    "an address, in the networks that hold it",
    "networks",
    ["10.0.0.0/8", "192.0.2.1", "2001:db8::/32"],
    "10.1.2.3",
    ["10.0.0.0/8"],
  ],
  ["part of a network's text", "networks", ["10.0.0.0/8", "192.0.2.1"], "192.0", ["192.0.2.1"]],
  ["a file name, in the patterns that match it", "patterns", ["*.exe", "*.doc?"], "Setup.EXE", ["*.exe"]],
  [
    "a subdomain, in the entry for its domain",
    "domains",
    [".example.test", "other.test"],
    "mail.example.test",
    [".example.test"],
  ],
  [
    "an address, in the entry for its domain",
    "addresses",
    ["@example.test", "bo@other.test"],
    "al@example.test",
    ["@example.test"],
  ],
  ["a sentence, in the words that stand in it", "words", ["invoice", "urgent"], "your urgent transfer", ["urgent"]],
  ["a letter of another case", "domains", ["Example.test"], "EXAMPLE", ["Example.test"]],
] as const)("finds %s", (_, kind, entries, asked, expected) => {
  expect(searchEntries({ kind, entries: [...entries] }, asked).entries).toEqual(expected);
});

it("counts all and shows the first", () => {
  const entries = Array.from({ length: 1_000 }, (_, n) => `h${n}.example.test`);
  const found = searchEntries({ kind: "domains", entries }, "example");
  expect(found.total).toBe(1_000);
  expect(found.entries).toEqual(entries.slice(0, foundEntriesMax));
});
