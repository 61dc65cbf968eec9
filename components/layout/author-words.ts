import type { DraftAuthor } from "#lib/revisions/change-authors.ts";

/** `you`, `you 5, Mara 2`, `you 5, Pia 2, 2 more 3`: the one who looks at it first, with how many changes are whose where there are several. */
export function authorWords(authors: readonly DraftAuthor[], userName: string): string {
  const mine = authors.filter(({ name }) => name === userName);
  const others = authors.filter(({ name }) => name !== userName);
  const all = [...mine.map(({ changes }) => ({ name: "you", changes })), ...others];
  const [first, second, ...more] = all;
  if (first === undefined) return "";
  if (second === undefined) return first.name;
  const rest = more.reduce((sum, { changes }) => sum + changes, 0);
  const named = `${first.name} ${first.changes}, ${second.name} ${second.changes}`;
  return more.length === 0 ? named : `${named}, ${more.length} more ${rest}`;
}
