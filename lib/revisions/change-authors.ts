import type { Change } from "#core/policy/diff.ts";

/** Who edited the draft, and how many of its changes are theirs. */
export type DraftAuthor = { name: string; changes: number };

/** An edit as the audit log has it: `object` in the words of a change, `id` of a rule; "the draft" for one of all of it. */
export type EditOf = { actor: string; object: string; id: string | null };

/**
 * Whose the changes of the draft are: each counts for the person who last edited what it is about. `edits` since the last publish, newest first;
 * who has the newest change comes first, and who has none left does not count.
 */
export function countByAuthor(changes: readonly Change[], edits: readonly EditOf[]): DraftAuthor[] {
  const newest = new Map<string, number>();
  edits.forEach(({ object, id }, index) => {
    for (const key of [object, id ?? object]) if (!newest.has(key)) newest.set(key, index);
  });
  const whole = newest.get("the draft") ?? edits.length - 1;
  const counts = new Map<string, { index: number; changes: number }>();
  for (const { object, at } of changes) {
    const index = Math.min(newest.get(object) ?? whole, newest.get(keyOf(at)) ?? whole, whole);
    const actor = edits[index]?.actor;
    if (actor === undefined) continue;
    const before = counts.get(actor);
    counts.set(actor, { index: Math.min(index, before?.index ?? index), changes: (before?.changes ?? 0) + 1 });
  }
  return [...counts]
    .sort(([, one], [, other]) => one.index - other.index)
    .map(([name, { changes: count }]) => ({ name, changes: count }));
}

/** The last of the names on the path to an object: of a rule, its id. */
function keyOf(at: string): string {
  const path: unknown = JSON.parse(at);
  return Array.isArray(path) ? String(path.at(-1)) : at;
}
