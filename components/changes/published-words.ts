import type { Published } from "#lib/revisions/push.ts";

/** What became of a publish, for a toast. `staged`: only the first workers were given it. */
export function publishedWords(
  { number, workers }: Published,
  staged: boolean,
): { kind: "done" | "fault"; text: string } {
  const applied = workers.filter((worker) => worker.applied).length;
  const took = `${applied} of ${workers.length} workers took it.`;
  if (applied < workers.length) return { kind: "fault", text: `r${number} was published, but only ${took}` };
  return { kind: "done", text: staged ? `r${number} is at its first workers; ${took}` : `r${number} is live; ${took}` };
}
