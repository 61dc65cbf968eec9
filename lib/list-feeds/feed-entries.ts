import { type List, listEntriesMax } from "#core/contract/policy-document.ts";
import { readNetwork } from "#core/match/network-set.ts";
import { readEntriesFile } from "#core/text/entries-file.ts";

export type FeedEntries = { ok: true; entries: string[] } | { ok: false; reason: string };

const shownMax = 3;

/**
 * The entries of a feed, all of them or none: plain lines or CSV. Networks, domains and addresses end at a blank, `;` or `#`, as feeds write
 * comments behind them. A feed without entries, or with one that the list's kind does not know, is a fault of the feed.
 */
export async function readFeed(kind: List["kind"], text: string): Promise<FeedEntries> {
  const { entries: rows, problems } = await readEntriesFile(text);
  if (problems.length > 0) return { ok: false, reason: problems.slice(0, shownMax).join(" ") };
  const bare = kind === "patterns" || kind === "words";
  const cut = bare ? rows : rows.map((row) => /^[^\s;#]*/.exec(row)?.[0] ?? "");
  const entries = [...new Set(cut.filter((entry) => entry !== ""))];
  if (entries.length === 0) return { ok: false, reason: "it has no entries" };
  if (entries.length > listEntriesMax)
    return { ok: false, reason: `it has ${entries.length} entries; a list holds ${listEntriesMax}` };
  const wrong = entries.filter((entry) => !isEntry(kind, entry));
  if (wrong.length === 0) return { ok: true, entries };
  const shown = wrong.slice(0, shownMax).map((entry) => JSON.stringify(entry.slice(0, 60)));
  return { ok: false, reason: `${wrong.length} of its ${entries.length} entries are no ${kind}: ${shown.join(", ")}` };
}

function isEntry(kind: List["kind"], entry: string): boolean {
  switch (kind) {
    case "networks":
      return readNetwork(entry) !== null;
    case "domains":
      return /^(\*?\.)?[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)*$/u.test(entry);
    case "addresses":
      return /^[^@]*@[^@]+$/.test(entry);
    default:
      return !/\p{Cc}/u.test(entry);
  }
}
