import { isRegistrable } from "./domain.ts";

const beginning = /(?:https?|ftps?|file):[\\/]{2}|www\.|\//gi;
const urlEnd = /[\s<>"“”„«»「」『』（）【】《》\0]/g;
const nameCharacter = /[\p{L}\p{N}._-]/u;
/** RFC 1035 §2.3.4. */
const nameCharactersMax = 253;

/**
 * The URLs that are written out in a text, in order: with a scheme, beginning with `www.`, or a name of a known domain with a path.
 * Linear: each character is passed over at most twice.
 */
export function* writtenUrls(text: string): Iterable<string> {
  beginning.lastIndex = 0;
  for (let from = 0; ; ) {
    beginning.lastIndex = from;
    const found = beginning.exec(text);
    if (found === null) return;
    const start = found[0] === "/" ? nameBefore(text, found.index, from) : startOf(text, found.index);
    if (start === null) {
      from = found.index + found[0].length;
      continue;
    }
    urlEnd.lastIndex = found.index;
    const end = urlEnd.exec(text)?.index ?? text.length;
    const url = withoutPunctuation(text.slice(start, end));
    from = Math.max(start + url.length, found.index + found[0].length);
    yield url;
  }
}

function startOf(text: string, at: number): number | null {
  const isName = text[at] === "w" || text[at] === "W";
  const before = text[at - 1];
  return isName && before !== undefined && (nameCharacter.test(before) || before === "@") ? null : at;
}

/** Where the name of a known domain begins that ends before the slash. */
function nameBefore(text: string, slash: number, from: number): number | null {
  const earliest = Math.max(from, slash - nameCharactersMax);
  let start = slash;
  while (start > earliest && nameCharacter.test(text[start - 1] ?? "")) start--;
  if (start === slash || text[start - 1] === "@" || text[start - 1] === "/") return null;
  const name = text.slice(start, slash);
  return name.includes(".") && /\p{L}/u.test(name) && isRegistrable(name) ? start : null;
}

/** A sentence goes on after a URL; a closing bracket belongs to it only where it opens one. */
function withoutPunctuation(url: string): string {
  const after = url.includes("(") ? /[.,;:!?'’*_~|\]}]/ : /[.,;:!?'’*_~|\]})]/;
  let end = url.length;
  while (end > 0 && after.test(url[end - 1] ?? "")) end--;
  return url.slice(0, end);
}
