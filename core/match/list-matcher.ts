import type { List } from "#core/contract/policy-document.ts";
import { foldAscii } from "./ascii-fold.ts";
import { compileByGrams, type Sought } from "./gram-index.ts";
import { compileWildcard, type TextMatcher } from "./wildcard.ts";

type TextListKind = Exclude<List["kind"], "networks">;

/**
 * How a list of each kind is asked about a folded value.
 * domains: the domain itself; `.example.com` or `*.example.com` its subdomains. addresses: the address, or `@domain` for all in it.
 * patterns: wildcards over the whole value. words: the word stands in the value, not inside a longer word.
 */
export function compileTextList(kind: TextListKind, entries: readonly string[]): TextMatcher {
  switch (kind) {
    case "domains":
      return compileDomains(entries);
    case "addresses":
      return compileAddresses(entries);
    case "patterns":
      return compileWildcards(entries);
    case "words":
      return compileWords(entries);
  }
}

function compileDomains(entries: readonly string[]): TextMatcher {
  const exact = new Set<string>();
  const parents = new Set<string>();
  for (const entry of entries) {
    const folded = foldAscii(entry);
    if (folded.startsWith("*.")) parents.add(folded.slice(2));
    else if (folded.startsWith(".")) parents.add(folded.slice(1));
    else exact.add(folded);
  }
  return (domain) => {
    if (exact.has(domain)) return true;
    if (parents.size === 0) return false;
    for (let dot = domain.indexOf("."); dot >= 0; dot = domain.indexOf(".", dot + 1)) {
      if (parents.has(domain.slice(dot + 1))) return true;
    }
    return false;
  };
}

function compileAddresses(entries: readonly string[]): TextMatcher {
  const exact = new Set(entries.map(foldAscii));
  return (address) => exact.has(address) || exact.has(address.slice(address.lastIndexOf("@")));
}

/** Patterns without wildcards and `*suffix` ones, the most common by far, cost a look-up each; the others one pass for all of them. */
export function compileWildcards(patterns: readonly string[]): TextMatcher {
  const exact = new Set<string>();
  const suffixes = new Map<number, Set<string>>();
  const others: Sought[] = [];
  for (const pattern of patterns) {
    const folded = foldAscii(pattern);
    const suffix = /^\*([^*?]+)$/.exec(folded)?.[1];
    if (!/[*?]/.test(folded)) exact.add(folded);
    else if (suffix === undefined) others.push({ literals: folded.split(/[*?]+/), matches: compileWildcard(folded) });
    else suffixes.set(suffix.length, (suffixes.get(suffix.length) ?? new Set<string>()).add(suffix));
  }
  const matchesOther = compileByGrams(others);
  return (text) => {
    if (exact.has(text)) return true;
    for (const [length, set] of suffixes) {
      if (text.length >= length && set.has(text.slice(text.length - length))) return true;
    }
    return matchesOther(text);
  };
}

function compileWords(entries: readonly string[]): TextMatcher {
  return compileByGrams(
    entries.map((entry) => {
      const word = foldAscii(entry);
      return { literals: [word], matches: (text) => containsWord(text, word) };
    }),
  );
}

function containsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isWordCharacter(text[at - 1]) && !isWordCharacter(text[at + word.length])) return true;
  }
  return false;
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}
