import { parse, stringify } from "yaml";
import type { Dictionary } from "#core/contract/dictionary.ts";

type Entry = Dictionary["entries"][number];
export type ReadLines = { ok: true; entries: unknown[] } | { ok: false; problem: string };

/**
 * A dictionary's entries, one a line, as people write them: a word or phrase stands for itself; `/pattern/` is RE2; anything else that an
 * entry can say follows as in YAML: `{ classifier: iban, weight: 5 }`.
 */
export function dictionaryLines(entries: readonly Entry[]): string {
  return entries.map(entryLine).join("\n");
}

function entryLine(entry: Entry): string {
  const { weight, caseSensitive, ...rest } = entry;
  const said = { ...rest, ...(weight === 1 ? {} : { weight }), ...(caseSensitive ? { caseSensitive } : {}) };
  const given = Object.entries(said).filter(([, value]) => value !== undefined);
  const [only] = given;
  if (given.length === 1 && only !== undefined && typeof only[1] === "string") {
    const [kind, text] = only;
    if (kind === "pattern") return `/${text}/`;
    if (kind !== "classifier" && kind === plainKind(text)) return text;
  }
  return stringify(Object.fromEntries(given), { collectionStyle: "flow", lineWidth: 0 }).trim();
}

/** What a plain line stands for; null: it cannot stand for itself. */
function plainKind(text: string): "word" | "phrase" | null {
  if (text !== text.trim() || /^[{/]/.test(text) || /[\r\n]/.test(text) || text === "") return null;
  return /\s/.test(text) ? "phrase" : "word";
}

/** The entries of the lines, not yet parsed. */
export function readDictionaryLines(text: string): ReadLines {
  const entries: unknown[] = [];
  for (const [n, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === "") continue;
    const pattern = /^\/(.+)\/$/.exec(line);
    if (pattern !== null) entries.push({ pattern: pattern[1] });
    else if (line.startsWith("{")) {
      const entry = yamlEntry(line);
      if (entry === null) return { ok: false, problem: `Line ${n + 1}: it begins with { and is no YAML mapping.` };
      entries.push(entry);
    } else entries.push({ [plainKind(line) ?? "word"]: line });
  }
  return { ok: true, entries };
}

function yamlEntry(line: string): unknown {
  try {
    return parse(line, { stringKeys: true }) as unknown;
  } catch {
    return null;
  }
}
