import type { ReplayView } from "#lib/replay/queries.ts";

/** What a replay came to, in a sentence. */
export function replayWords({
  total,
  done,
  finishedAt,
  result,
}: Pick<ReplayView, "total" | "done" | "finishedAt" | "result">): string {
  const { changed, otherwiseChanged, notReplayed } = result;
  if (finishedAt === null) return `Replaying: ${count(done)} of ${messages(total)}.`;
  const unsaid = sum(notReplayed);
  const others = sum(changed) + otherwiseChanged;
  const judged = result.same + others;
  const ended = done < total ? `, ended after ${count(done)} of ${count(total)}` : "";
  if (judged === 0) return `Of ${messages(unsaid)} nothing can be said${ended}.`;
  const verdicts =
    others === 0 ? "none gets another verdict" : `${count(others)} ${others === 1 ? "gets" : "get"} another verdict`;
  const silence = unsaid === 0 ? "" : `; of ${count(unsaid)} nothing can be said`;
  return `Of ${messages(judged)} ${verdicts}${silence}${ended}.`;
}

export function sum(groups: readonly { messages: number }[]): number {
  return groups.reduce((all, { messages }) => all + messages, 0);
}

function messages(number: number): string {
  return number === 1 ? "1 message" : `${count(number)} messages`;
}

export function count(messages: number): string {
  return messages.toLocaleString("en");
}
