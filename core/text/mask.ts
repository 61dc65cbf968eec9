/** Characters of a sample. */
export const sampleCharactersMax = 40;

/**
 * A secret with stars for its letters and digits, all but the first and last ones that may be shown; never are more than half of them.
 * Separators stay, so that `4111 **** **** 1111` can be found again. Nothing shown: eight stars, whatever its length.
 */
export function masked(found: string, { first, last }: { first: number; last: number }): string {
  if (first + last === 0) return "*".repeat(8);
  const characters = [...found.replace(/\s/g, " ")];
  const secret = characters.filter(isSecret).length;
  const half = Math.floor(secret / 2);
  const end = Math.min(last, half);
  const start = Math.min(first, half - end);
  let seen = 0;
  const text = characters.map((character) => {
    if (!isSecret(character)) return character;
    seen++;
    return seen <= start || seen > secret - end ? character : "*";
  });
  if (text.length <= sampleCharactersMax) return text.join("");
  const kept = (sampleCharactersMax - 1) >> 1;
  return `${text.slice(0, kept).join("")}…${text.slice(-kept).join("")}`;
}

function isSecret(character: string): boolean {
  return /[^\s./-]/.test(character);
}
