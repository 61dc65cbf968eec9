/** From addresses of one message; with more it cannot be inspected. */
export const addressesMax = 100;

/**
 * Everything in a From value that a mail reader may take for an address, in order: also what stands in display names and
 * comments. Takes decoded text; past `addressesMax` one more is given and the rest is not read.
 */
export function addressReadings(value: string): string[] {
  const found = new Set<string>();
  for (const word of value.split(/[\s<>(),;:"'[\]]+/)) {
    if (found.size > addressesMax) break;
    if (!word.includes("@")) continue;
    found.add(word.endsWith(".") ? word.slice(0, -1) : word);
  }
  return [...found];
}
