import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { OperationList } from "#components/workers/operation-list.tsx";
import type { OperationEvent } from "#core/contract/event.ts";

function shown(over: Partial<OperationEvent>): string {
  const base = { kind: "operation", id: "A", at: "2026-01-05T10:00:00.000Z", by: "Mara", target: null, result: null };
  const operations: OperationEvent[] = [{ ...base, kind: "operation", command: "drain", ...over }];
  return renderToStaticMarkup(<OperationList workerName="local" operations={operations} />);
}

test("a command says who did what, to which destination, and what came of it, with what would reorder it as code points", () => {
  const target = { route: "internet", destination: "example.com" };
  const html = shown({ command: "probe", target, result: "mx.example.com:25: \u202eno" });
  expect(html).toContain("Mara probed ");
  expect(html).toMatch(/>example\.com<\/bdi> \(by internet\)/);
  expect(html).toContain("U+202E");
});

test("a command on the worker as a whole names no destination", () => {
  expect(shown({ command: "end-drain" })).toMatch(/Mara ended the drain <\/li>/);
});
