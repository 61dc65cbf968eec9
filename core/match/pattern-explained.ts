/** Groups that RE2 does not have, by what stands behind their `(?`. */
const groups: readonly [begin: string, words: string][] = [
  ["<=", "look-behind (?<=…)"],
  ["<!", "negative look-behind (?<!…)"],
  ["=", "look-ahead (?=…)"],
  ["!", "negative look-ahead (?!…)"],
  [">", "an atomic group (?>…)"],
  ["(", "a conditional (?(…)…)"],
  ["#", "a comment (?#…)"],
  ["|", "a branch reset (?|…)"],
  ["R", "recursion (?R)"],
];

/**
 * The first part of an expression that other dialects know and RE2 does not, in words and with what to do instead; null: there is none.
 * RE2 reads a text once, from left to right, and remembers nothing of it: that is why no message can make it slow.
 */
export function unsupportedSyntax(expression: string): string | null {
  let inClass = false;
  for (let at = 0; at < expression.length; at++) {
    const character = expression.charAt(at);
    if (character === "\\") {
      const words = escapeWords(expression.slice(at, at + 3));
      if (words !== null && !inClass) return said(words, at);
      at++;
    } else if (inClass) inClass = character !== "]";
    else if (character === "[") {
      inClass = true;
      // A bracket that comes first is one of the characters.
      if (/^\^?\]/.test(expression.slice(at + 1, at + 3))) at += expression.charAt(at + 1) === "^" ? 2 : 1;
    } else if (expression.startsWith("(?", at)) {
      const group = groups.find(([begin]) => expression.startsWith(begin, at + 2));
      if (group !== undefined) return said(group[1], at);
    } else if (character === "+" && /[*+?}]/.test(expression.charAt(at - 1)) && expression.charAt(at - 2) !== "\\") {
      return said(`a possessive quantifier ${expression.slice(at - 1, at + 1)}`, at - 1);
    }
  }
  return null;
}

function escapeWords(escape: string): string | null {
  if (/^\\[1-9]/.test(escape)) return `a back-reference ${escape.slice(0, 2)}`;
  if (/^\\[kg][<{']/.test(escape)) return `a back-reference ${escape}…`;
  return null;
}

function said(words: string, at: number): string {
  const instead = words.includes("look-")
    ? "Test for what must or must not be there with a condition of its own, in an All or a None group."
    : "Write out what it stands for.";
  return `${words}, at character ${at + 1}, is not part of RE2, which has no look-around and no back-references. ${instead}`;
}
