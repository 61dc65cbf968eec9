/** `you and Mara`, `Pia, Mara and 2 more`: the one who looks at it first. */
export function authorWords(authors: readonly string[], userName: string): string {
  const others = authors.filter((name) => name !== userName);
  const names = others.length === authors.length ? others : ["you", ...others];
  const [first = "", second, ...more] = names;
  if (second === undefined) return first;
  if (more.length === 0) return `${first} and ${second}`;
  return `${first}, ${second} and ${more.length} more`;
}
