import { database } from "#lib/db.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { type ListUser, listUsers } from "./list-usage.ts";

export type ListView = {
  id: string;
  version: number;
  name: string;
  kind: string;
  entries: string[];
  users: ListUser[];
};

/** The lists of the draft with what uses them. */
export async function readLists(): Promise<ListView[]> {
  const rows = await database().list.findMany({ orderBy: { rank: "asc" } });
  const users = listUsers(await readDraft(database()));
  return rows.map(({ id, version, name, kind, entries }) => ({
    id,
    version,
    name,
    kind,
    entries,
    users: users.get(name) ?? [],
  }));
}

/** Names and kinds of the lists, for choosing one in a rule. */
export async function listNames(): Promise<{ name: string; kind: string }[]> {
  return database().list.findMany({ orderBy: { rank: "asc" }, select: { name: true, kind: true } });
}
