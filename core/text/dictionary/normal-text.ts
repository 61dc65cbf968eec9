/** What no reader shows, control characters that are no blanks, and marks that only strike through or circle a letter. */
const invisible = /[\u0334-\u0338\u20d0-\u20e4\p{Cf}\p{Default_Ignorable_Code_Point}\0-\x08\x0e-\x1f\x7f]+/gu;
/** Whole phrases in one character, eighteen letters long in NFKC; without them a text grows five times at most. */
const phrases = /[\ufdfa\ufdfb]/g;
const dashes = /[\u2010-\u2015\u2212]/g;
const blanks = /\s{2,}|[^\S \n]/g;
/** Scripts that are written without blanks between words: a word may stand anywhere in them. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const wordCharacter = /[\p{L}\p{N}\p{M}_]/u;
/** By code, for the most frequent case. */
const asciiWord = Array.from({ length: 128 }, (_, code) => wordCharacter.test(String.fromCharCode(code)));

/**
 * The form in which texts and entries are compared: compatibility forms folded (NFKC: full-width and styled letters, ligatures,
 * no-break blanks), invisible characters taken out, all dashes one, a run of blanks one blank, or one line end where it had any.
 */
export function normalText(text: string): string {
  return text
    .replace(phrases, " ")
    .normalize("NFKC")
    .replace(invisible, "")
    .replace(dashes, "-")
    .replace(blanks, (run) => (/[\n\r\u2028\u2029]/.test(run) ? "\n" : " "));
}

/**
 * Case folded without moving any character, so that places in it are places in the text: İ, the only letter that grows in lower case,
 * is i; a final sigma is a sigma. Line ends count as blanks.
 */
export function foldedText(normal: string): string {
  return normal.replaceAll("İ", "i").toLowerCase().replaceAll("ς", "σ").replaceAll("\n", " ");
}

/** A number may be wrapped at the end of a long line, as mail programs wrap text; numbers under each other are several. */
export function unwrappedText(normal: string): string {
  return normal.replace(/(?<=[^\n]{50})\n/g, " ");
}

/** Whether a word can begin or end at the place. */
export function isWordBoundary(text: string, at: number): boolean {
  if (at === 0 || at === text.length) return true;
  const [last, next] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  if (last < 128 && next < 128) return !(asciiWord[last] && asciiWord[next]);
  const before = characterBefore(text, at);
  const after = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (!wordCharacter.test(before) || !wordCharacter.test(after)) return true;
  return unspaced.test(before) || unspaced.test(after);
}

function characterBefore(text: string, at: number): string {
  const unit = text.charCodeAt(at - 1);
  const low = unit >= 0xdc00 && unit <= 0xdfff && at > 1;
  return low ? text.slice(at - 2, at) : (text[at - 1] ?? "");
}
