import type { BanResult } from "#lib/bans/ban-order.ts";

/** What a person is told about a command to the workers. */
export function resultNote(done: string, results: readonly BanResult[]): { kind: "done" | "fault"; text: string } {
  const remarks = results.flatMap(({ worker, reason }) => (reason === null ? [] : [`${worker}: ${reason}`]));
  const kind = results.every((result) => result.done) ? "done" : "fault";
  if (remarks.length === 0) return { kind, text: `${done}.` };
  return { kind, text: kind === "done" ? `Nothing changed at ${remarks.join("; ")}` : remarks.join("; ") };
}
