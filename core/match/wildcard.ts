import { foldAscii } from "./ascii-fold.ts";

export type TextMatcher = (folded: string) => boolean;

/**
 * Compiles a whole-value pattern of `*` (any run) and `?` (one character) into a matcher of ASCII-folded text.
 * Time is O(text × longest part between two stars); there is no backtracking over stars: the leftmost place of each part is enough.
 */
export function compileWildcard(pattern: string): TextMatcher {
  const folded = foldAscii(pattern);
  if (!/[*?]/.test(folded)) return (text) => text === folded;
  const parts = folded.split("*");
  const [head = "", ...rest] = parts;
  const tail = rest.pop();
  if (tail === undefined) return (text) => text.length === head.length && standsAt(text, 0, head);
  const middle = rest.filter((part) => part !== "");
  return (text) => {
    const end = text.length - tail.length;
    if (end < head.length || !standsAt(text, 0, head) || !standsAt(text, end, tail)) return false;
    let from = head.length;
    for (const part of middle) {
      const at = findPart(text, part, from, end);
      if (at < 0) return false;
      from = at + part.length;
    }
    return true;
  };
}

function findPart(text: string, part: string, from: number, end: number): number {
  if (!part.includes("?")) {
    const at = text.indexOf(part, from);
    return at >= 0 && at + part.length <= end ? at : -1;
  }
  for (let at = from; at + part.length <= end; at++) if (standsAt(text, at, part)) return at;
  return -1;
}

function standsAt(text: string, at: number, part: string): boolean {
  if (!part.includes("?")) return text.startsWith(part, at);
  if (at + part.length > text.length) return false;
  for (let i = 0; i < part.length; i++) {
    if (part[i] !== "?" && part[i] !== text[at + i]) return false;
  }
  return true;
}
