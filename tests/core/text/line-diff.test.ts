import fc from "fast-check";
import { expect, it } from "vitest";
import { type DiffHunk, lineDiff } from "#core/text/line-diff.ts";

function applied(before: string, hunks: DiffHunk[]): string {
  const lines = before.split("\n");
  const after: string[] = [];
  let next = 0;
  for (const hunk of hunks) {
    after.push(...lines.slice(next, hunk.beforeLine - 1));
    next = hunk.beforeLine - 1;
    for (const { kind, text } of hunk.lines) {
      if (kind !== "added") expect(lines[next++]).toBe(text);
      if (kind !== "removed") after.push(text);
    }
  }
  return [...after, ...lines.slice(next)].join("\n");
}

it("says how to get from one text to the other, whatever the two are", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", "")).map((lines) => lines.join("\n"));
  fc.assert(fc.property(text, text, (before, after) => applied(before, lineDiff(before, after)) === after));
});

it("finds nothing between equal texts", () => {
  expect(lineDiff("a\nb", "a\nb")).toEqual([]);
});

it("shows three lines around a change, and two far ones apart", () => {
  const lines = Array.from({ length: 30 }, (_, n) => `line ${n + 1}`);
  const after = lines.with(4, "new 5").with(24, "new 25");
  const hunks = lineDiff(lines.join("\n"), after.join("\n"));
  expect(hunks.map(({ beforeLine, lines: shown }) => [beforeLine, shown.length])).toEqual([
    [2, 8],
    [22, 8],
  ]);
});

it("stays quick when everything differs", () => {
  const before = Array.from({ length: 20_000 }, (_, n) => `a${n}`).join("\n");
  const after = Array.from({ length: 20_000 }, (_, n) => `b${n}`).join("\n");
  expect(lineDiff(before, after)[0]?.lines).toHaveLength(40_000);
});
