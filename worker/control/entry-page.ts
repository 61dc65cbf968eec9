import { z } from "zod";
import type { EntrySource } from "../report/entry-changes.ts";
import { shapeWords } from "./control-answer.ts";

const pageEntriesMax = 500;

const pageQuerySchema = z.strictObject({
  after: z.string().max(64).default(""),
  limit: z.coerce.number().int().min(1).max(pageEntriesMax).default(100),
});

/** The entries that follow the id `after` of the query, in order of id; in words: what is wrong with the query. */
export function pageOf<Entry extends { id: string }>(
  source: EntrySource<Entry>,
  query: URLSearchParams,
): { entries: Entry[]; next: string | null } | string {
  const parsed = pageQuerySchema.safeParse(Object.fromEntries(query));
  if (!parsed.success) return shapeWords(parsed.error);
  const { after, limit } = parsed.data;
  const ids = idsAfter(source.ids(), after, limit + 1);
  const entries = ids.slice(0, limit).flatMap((id) => source.entry(id) ?? []);
  return { entries, next: ids.length > limit ? (entries.at(-1)?.id ?? null) : null };
}

/** The first `count` ids that follow `after`. Of a million that come nearly in order, most cost two comparisons. */
function idsAfter(ids: Iterable<string>, after: string, count: number): string[] {
  const first: string[] = [];
  for (const id of ids) {
    if (id <= after || (first.length === count && id >= (first.at(-1) ?? ""))) continue;
    let at = first.length;
    while (at > 0 && (first[at - 1] ?? "") > id) at--;
    first.splice(at, 0, id);
    if (first.length > count) first.pop();
  }
  return first;
}
