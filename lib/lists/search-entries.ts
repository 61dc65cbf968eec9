import type { List } from "#core/contract/policy-document.ts";
import { foldAscii } from "#core/match/ascii-fold.ts";
import { compileTextList } from "#core/match/list-matcher.ts";
import { NetworkSet } from "#core/match/network-set.ts";

/** What a search found in one list: the first entries, and how many there are. */
export type FoundEntries = { entries: string[]; total: number };

export const foundEntriesMax = 50;

/**
 * The entries that stand for what was asked, or in which its text stands: an address finds the networks it is in, a file name the
 * patterns it matches, a subdomain the entry for its domain.
 */
export function searchEntries({ kind, entries }: Pick<List, "kind" | "entries">, asked: string): FoundEntries {
  const text = foldAscii(asked.trim());
  const found: FoundEntries = { entries: [], total: 0 };
  for (const entry of entries) {
    if (!foldAscii(entry).includes(text) && !standsFor(kind, entry, text)) continue;
    found.total += 1;
    if (found.entries.length < foundEntriesMax) found.entries.push(entry);
  }
  return found;
}

function standsFor(kind: List["kind"], entry: string, text: string): boolean {
  return kind === "networks" ? new NetworkSet([entry]).has(text) : compileTextList(kind, [entry])(text);
}
