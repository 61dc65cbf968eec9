import type { Credential } from "#core/contract/credential.ts";
import { database } from "#lib/db.ts";
import { openCredential } from "./sealed.ts";

/** The names of the console's credentials, for choosing one in a route. */
export async function credentialNames(): Promise<string[]> {
  const rows = await database().credential.findMany({ orderBy: { name: "asc" }, select: { name: true } });
  return rows.map(({ name }) => name);
}

/** All of them with their secrets: for the workers, and for nobody else. Throws when one cannot be opened. */
export async function openedCredentials(): Promise<Credential[]> {
  const rows = await database().credential.findMany({
    orderBy: { name: "asc" },
    select: { name: true, sealed: true },
  });
  return rows.map(openCredential);
}
