import { type List, listSchema } from "#core/contract/policy-document.ts";
import { database, snapshot } from "#lib/db.ts";
import { listOf, readDraft } from "#lib/revisions/draft-document.ts";
import { currentDraft } from "#lib/revisions/draft-memo.ts";
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
  feed: FeedState | null;
  /** With a search: what it found here. */
  found: FoundEntries | null;
};

/** A list as its editor opens it. */
export type ListView = { id: string; version: number; list: List; users: ListUser[]; feed: FeedState | null };

/** How the fetches of a fed list go. */
export type FeedState = { url: string; lastGoodAt: Date | null; lastError: string | null };

const entriesShownMax = 6;

/** The lists of the draft with what uses them; with `asked` those whose name or entries answer to it. */
export async function readLists(asked?: string): Promise<ListSummary[]> {
  const { lists, users } = await readListRows();
  return lists.flatMap(({ id, feed, list: { name, kind, entries } }) => {
    const found = asked === undefined ? null : searchEntries({ kind, entries }, asked);
    if (found?.total === 0 && !name.toLowerCase().includes((asked ?? "").toLowerCase())) return [];
    const first = entries.slice(0, entriesShownMax);
    return [{ id, name, kind, first, count: entries.length, users: users.get(name) ?? [], feed, found }];
  });
}

/** One list of the draft, or null when it is not there. */
export async function readList(listId: string): Promise<ListView | null> {
  const { lists, users } = await readListRows();
  const found = lists.find(({ id }) => id === listId);
  return found === undefined ? null : { ...found, users: users.get(found.list.name) ?? [] };
}

async function readListRows(): Promise<{
  lists: Omit<ListView, "users">[];
  users: Map<string, ListUser[]>;
}> {
  const [rows, draft, feeds] = await Promise.all([
    database().list.findMany({ orderBy: { rank: "asc" } }),
    readDraft(database()),
    database().listFeed.findMany(),
  ]);
  const lists = rows.map(({ id, version, ...row }) => {
    const list = listSchema.parse(listOf(row));
    return { id, version, list, feed: feedState(list.name, list.feed, feeds) };
  });
  return { lists, users: listUsers(draft) };
}

function feedState(
  name: string,
  feed: List["feed"],
  feeds: readonly ({ listName: string } & FeedState)[],
): FeedState | null {
  if (feed === undefined) return null;
  const { url } = feed;
  const found = feeds.find((one) => one.listName === name && one.url === url);
  return { url, lastGoodAt: found?.lastGoodAt ?? null, lastError: found?.lastError ?? null };
}

/** A list as what refers to it shows it. `rules` and `others`: how many rules, and how many policies and settings, use it. */
export type ListGlance = Pick<ListSummary, "id" | "name" | "kind" | "first" | "count" | "feed"> & {
  rules: number;
  others: number;
};

type GlanceRow = Pick<ListSummary, "id" | "name" | "kind" | "first" | "count"> & { feed: unknown };

/** The lists of the draft at a glance, in order: their entries stay in the database. */
export async function listGlances(): Promise<ListGlance[]> {
  const [rows, feeds, draft] = await Promise.all([
    database().$queryRaw<GlanceRow[]>`
      SELECT id, name, kind, feed, entries[1:${entriesShownMax}] AS first, cardinality(entries) AS count
      FROM "List" ORDER BY rank`,
    database().listFeed.findMany(),
    snapshot(currentDraft),
  ]);
  const users = listUsers(draft);
  return rows.map(({ feed, ...row }) => {
    const used = users.get(row.name) ?? [];
    const rules = used.filter(({ kind }) => kind === "rule").length;
    const fed = listSchema.shape.feed.parse(feed ?? undefined);
    return { ...row, feed: feedState(row.name, fed, feeds), rules, others: used.length - rules };
  });
}

/** Names and kinds of the lists, for choosing one in a rule. */
export async function listNames(): Promise<{ name: string; kind: string }[]> {
  return database().list.findMany({ orderBy: { rank: "asc" }, select: { name: true, kind: true } });
}
