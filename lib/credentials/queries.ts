import { database } from "#lib/db.ts";

/** The names of the console's credentials, for choosing one in a route. */
export async function credentialNames(): Promise<string[]> {
  const rows = await database().credential.findMany({ orderBy: { name: "asc" }, select: { name: true } });
  return rows.map(({ name }) => name);
}
