import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { QueueResults } from "#components/queue/queue-results.tsx";
import type { QueueCommandResult } from "#lib/queue/selection.ts";

function shown(...results: Omit<QueueCommandResult, "workerId">[]): string {
  return renderToStaticMarkup(<QueueResults results={results.map((result) => ({ workerId: "local", ...result }))} />);
}

test("nothing is said when every message was simply done", () => {
  expect(shown({ id: "A", done: true, reason: null })).toBe("");
});

test("a message that is done later or only in part shows the worker's reason", () => {
  const html = shown({ id: "A", done: true, reason: "an attempt is under way and finishes" });
  expect(html).toContain("Accepted for 1 message");
  expect(html).toContain("an attempt is under way and finishes");
});

test("a refusal shows its reason, with what would reorder it as code points", () => {
  const html = shown({ id: "A", done: false, reason: "it is\u202e held" }, { id: "B", done: true, reason: null });
  expect(html).toContain("Refused or not confirmed for 1 message");
  expect(html).toContain("U+202E");
  expect(html).not.toContain(">B<");
});
