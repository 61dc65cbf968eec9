import type { Credential } from "#core/contract/credential.ts";
import { database } from "#lib/db.ts";
import type { ControlTarget } from "#lib/workers/control-client.ts";
import { openCredential } from "./sealed.ts";

/** All credentials with their secrets: for the workers, and for nobody else. Throws when one cannot be opened. */
export async function openedCredentials(): Promise<Credential[]> {
  const rows = await database().credential.findMany({
    orderBy: { name: "asc" },
    select: { name: true, sealed: true },
  });
  return rows.map(openCredential);
}

/** Tells one state of the credentials from another. */
export async function credentialsState(): Promise<string> {
  const rows = await database().credential.findMany({ orderBy: { id: "asc" }, select: { id: true, version: true } });
  return JSON.stringify(rows);
}

/** Every worker, to be given the credentials. */
export async function credentialTargets(): Promise<(ControlTarget & { name: string })[]> {
  const select = { id: true, name: true, controlUrl: true, controlTokenSealed: true } as const;
  return database().worker.findMany({ orderBy: { name: "asc" }, select });
}
