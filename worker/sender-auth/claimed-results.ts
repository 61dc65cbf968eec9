import { decodeEightBit } from "#core/message/byte-text.ts";
import type { HeaderField } from "#core/message/header-reader.ts";
import { dnsName } from "../upstream/dns-name.ts";

/** Within so many characters the name of a results field ends, or it cannot be read. */
export const resultsNameCharactersMax = 1_000;

/**
 * Whether a field says that we wrote it, and so must go when it came from outside (RFC 8601 §5). Whatever may be read as our name counts:
 * in any case, between comments, in quotes, with blanks in it, with a version or a dot behind it; and what cannot be read at all.
 */
export function claimsOurResults({ name, raw }: HeaderField, authservId: string): boolean {
  if (name.toLowerCase() !== "authentication-results") return false;
  const words = wordsBeforeResults(raw);
  if (words === null || words.length === 0) return true;
  // RFC 8601 §2.2: a version may follow, in a word of its own.
  const withoutVersion = words.filter((word, at) => at === 0 || !/^\d+$/.test(word));
  const readings = [...words, words.join(""), withoutVersion.join("")];
  return readings.map(spelled).includes(spelled(authservId));
}

/** The words up to the first `;`, without comments (RFC 5322 §3.2.2) and quotes; null: it is too far away. */
function wordsBeforeResults(raw: string): string[] | null {
  let text = "";
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < raw.length; at++) {
    if (at === resultsNameCharactersMax) return null;
    const character = raw[at] ?? "";
    if (character === "\\" && (isQuoted || depth > 0)) {
      at++;
      if (isQuoted) text += raw[at] ?? "";
    } else if (character === '"' && depth === 0) isQuoted = !isQuoted;
    else if (isQuoted) text += character;
    else if (character === "(") {
      depth++;
      text += " ";
    } else if (character === ")") depth = Math.max(0, depth - 1);
    else if (depth === 0) {
      if (character === ";") break;
      if (character !== "\\") text += character;
    }
  }
  return text.split(/[\s\x00-\x1f\x7f]+/).filter((word) => word !== "");
}

function spelled(name: string): string {
  return dnsName(decodeEightBit(name)) ?? name.toLowerCase();
}
