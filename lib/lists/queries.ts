import { type List, listSchema } from "#core/contract/policy-document.ts";
import { database } from "#lib/db.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { type ListUser, listUsers } from "./list-usage.ts";
import { type FoundEntries, searchEntries } from "./search-entries.ts";

/** A list in the table: its first entries only. */
export type ListSummary = {
  id: string;
  name: string;
  kind: string;
  first: string[];
  count: number;
  users: ListUser[];
  /** With a search: what it found here. */
  found: FoundEntries | null;
};

/** A list as its editor opens it. */
export type ListView = { id: string; version: number; list: List; users: ListUser[] };

const entriesShownMax = 6;

/** The lists of the draft with what uses them; with `asked` those whose name or entries answer to it. */
export async function readLists(asked?: string): Promise<ListSummary[]> {
  const { lists, users } = await readListRows();
  return lists.flatMap(({ id, list: { name, kind, entries } }) => {
    const found = asked === undefined ? null : searchEntries({ kind, entries }, asked);
    if (found?.total === 0 && !name.toLowerCase().includes((asked ?? "").toLowerCase())) return [];
    const first = entries.slice(0, entriesShownMax);
    return [{ id, name, kind, first, count: entries.length, users: users.get(name) ?? [], found }];
  });
}

/** One list of the draft, or null when it is not there. */
export async function readList(listId: string): Promise<ListView | null> {
  const { lists, users } = await readListRows();
  const found = lists.find(({ id }) => id === listId);
  return found === undefined ? null : { ...found, users: users.get(found.list.name) ?? [] };
}

async function readListRows(): Promise<{
  lists: { id: string; version: number; list: List }[];
  users: Map<string, ListUser[]>;
}> {
  const [rows, draft] = await Promise.all([
    database().list.findMany({ orderBy: { rank: "asc" } }),
    readDraft(database()),
  ]);
  const lists = rows.map(({ id, version, name, kind, entries }) => ({
    id,
    version,
    list: { name, kind: listSchema.shape.kind.parse(kind), entries },
  }));
  return { lists, users: listUsers(draft) };
}

/** Names and kinds of the lists, for choosing one in a rule. */
export async function listNames(): Promise<{ name: string; kind: string }[]> {
  return database().list.findMany({ orderBy: { rank: "asc" }, select: { name: true, kind: true } });
}
