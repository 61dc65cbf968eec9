const nameCharactersMax = 100;

/** A name for a copy that nothing else has: `executables (copy)`, of that one again `executables (copy 2)`. */
export function copyName(name: string, taken: ReadonlySet<string>): string {
  const original = name.replace(/ \(copy(?: \d+)?\)$/, "");
  for (let n = 1; ; n++) {
    const suffix = n === 1 ? " (copy)" : ` (copy ${n})`;
    const candidate = `${original.slice(0, nameCharactersMax - suffix.length).trimEnd()}${suffix}`;
    if (!taken.has(candidate)) return candidate;
  }
}
