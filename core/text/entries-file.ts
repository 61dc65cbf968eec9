import { listSchema } from "#core/contract/policy-document.ts";

/** What a file of entries gives, and the lines of it that give none, with the reason. */
export type EntriesFile = { entries: string[]; problems: string[] };

export const entriesFileBytesMax = 16 * 1024 * 1024;

const problemsMax = 20;
const { maxLength: entryMax } = listSchema.shape.entries.element;

/**
 * Reads entries from CSV (RFC 4180) or from plain lines, which are CSV of one column: the column "entry" where the first row names one,
 * else the first. `#` begins a comment. The ' that our own export puts before what looks like a formula is taken off.
 */
export async function readEntriesFile(text: string): Promise<EntriesFile> {
  const { default: papa } = await import("papaparse");
  const { data, errors } = papa.parse<string[]>(text, { delimiter: "," });
  const named = (data[0] ?? []).findIndex((heading) => heading.trim().toLowerCase() === "entry");
  const entries = new Set<string>();
  const problems = errors.map(({ row = 0, message }) => `Row ${row + 1}: ${message}.`);
  for (const [index, row] of data.entries()) {
    if (index === 0 && named >= 0) continue;
    const entry = (row[Math.max(0, named)] ?? "").trim().replace(/^'(?=[\s"']*[=+\-@])/, "");
    if (entry === "" || entry.startsWith("#")) continue;
    if (entry.length > (entryMax ?? Number.POSITIVE_INFINITY))
      problems.push(`Row ${index + 1}: longer than ${entryMax} characters.`);
    else entries.add(entry);
  }
  const more = problems.length - problemsMax;
  return {
    entries: [...entries],
    problems: more > 0 ? [...problems.slice(0, problemsMax), `And ${more} more.`] : problems,
  };
}
