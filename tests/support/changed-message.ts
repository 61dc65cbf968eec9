import { expect } from "vitest";
import type { Change } from "#core/contract/simulation.ts";

/** What goes on, put together from what was given and what is told of the change: its beginning alone, as far as that is told. */
export function changedMessage(given: string, { hunks, omitted }: Change): string {
  const before = given.split("\r\n");
  const after: string[] = [];
  let next = 0;
  for (const { beforeLine, lines } of hunks) {
    after.push(...before.slice(next, beforeLine - 1));
    next = beforeLine - 1;
    for (const { kind, text } of lines) {
      if (kind !== "added") expect(before[next++]).toBe(text);
      if (kind !== "removed") after.push(text);
    }
  }
  return [...after, ...(omitted > 0 ? [] : before.slice(next))].join("\r\n");
}
