import { decodeCharset, decodeEightBit, percentDecoded } from "./byte-text.ts";
import { decodeEncodedWords } from "./encoded-word.ts";
import { decodeExtended, extendedName, type RawParameter } from "./parameters.ts";

type Segment = { index: number; extended: boolean; value: string };

/** What a parameter says to readers that keep to the standards, and whether its parameters are such that all others agree. */
export type ShownValues = { values: Set<string>; agreed: boolean };

/**
 * The values of one parameter as RFC 2231 and, where names are so encoded against RFC 2047 §5, RFC 2047 have them. More than one where it
 * stands both plain and extended and they differ. Takes what `readParameters` gives as `strict`.
 */
export function shownValues(strict: readonly RawParameter[], base: string): ShownValues {
  const values = new Set<string>();
  const segments: Segment[] = [];
  const seen = new Set<string>();
  let agreed = true;
  for (const { name, written } of strict) {
    const [, itsBase = name, index, star] = extendedName.exec(name) ?? [];
    if (itsBase !== base) continue;
    if (seen.has(name)) agreed = false;
    seen.add(name);
    const value = unquoted(written);
    if (star === undefined && !written.startsWith('"') && tspecials.test(written)) agreed = false;
    if (star !== undefined && !isExtended(value, Number(index ?? 0))) agreed = false;
    if (index !== undefined) segments.push({ index: Number(index), extended: star !== undefined, value });
    else if (star !== undefined) values.add(decodeExtended(value));
    else {
      values.add(decodeEncodedWords(value));
      agreed &&= !value.includes("=?") || encodedWords.test(value);
    }
  }
  if (segments.length > 0) values.add(joined(segments));
  // Encoded in both ways at once, or split in a way that not all join alike.
  if ([...values].some((value) => /=\?[^?]+\?[BbQq]\?/.test(value))) agreed = false;
  if (segments.some(({ index }, at) => index !== at)) agreed = false;
  return { values, agreed: agreed && values.size <= 1 };
}

/** Nothing but encoded words, each as RFC 2047 §2 and §4 have them. */
const encodedWords =
  /^(?:=\?[\w.:-]{1,60}\?(?:[Bb]\?(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?|[Qq]\?(?:[^=?\s]|=[0-9A-Fa-f]{2})*)\?= *)+$/;

/** RFC 2231 §4: with charset and language, but for the segments after the first, and every "%" an escape; and not empty. */
function isExtended(value: string, index: number): boolean {
  const text = index === 0 ? /^[\w.:-]*'[\w-]*'([^']+)$/.exec(value)?.[1] : value;
  return text !== undefined && !/%(?![0-9A-Fa-f]{2})/.test(text);
}

/** RFC 2045 §5.1: not in a value without quotes. */
const tspecials = /[()<>@,:\\/[\]?=]/;

function unquoted(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1).replace(/\\(.)/g, "$1") : written;
}

/** RFC 2231 §4.1: the charset stands in the first segment, only segments marked so hold escapes. */
function joined(segments: readonly Segment[]): string {
  const [, charset = "", start] = /^([^']{0,60})'[^']{0,60}'(.*)$/s.exec(segments[0]?.value ?? "") ?? [];
  const isExtended = segments[0]?.extended === true && start !== undefined;
  const bytes = segments.map(({ extended, value }, at) => {
    const text = at === 0 && isExtended ? start : value;
    return extended ? percentDecoded(text) : text;
  });
  const text = bytes.join("");
  return isExtended ? decodeCharset(text, charset === "" ? "utf-8" : charset) : decodeEightBit(text);
}
