import type { Credential } from "#core/contract/credential.ts";
import type { SigningKey } from "#core/contract/signing-key.ts";
import { database } from "#lib/db.ts";
import type { ControlTarget } from "#lib/workers/control-client.ts";
import { openCredential, openSigningKey } from "./sealed.ts";

/** All credentials and signing keys with their secrets: for the workers, and for nobody else. Throws when one cannot be opened. */
export async function openedSecrets(): Promise<{ credentials: Credential[]; signingKeys: SigningKey[] }> {
  const credentials = await database().credential.findMany({
    orderBy: { name: "asc" },
    select: { name: true, sealed: true },
  });
  const keys = await database().signingKey.findMany({
    orderBy: { name: "asc" },
    select: { name: true, sealed: true, state: true },
  });
  return { credentials: credentials.map(openCredential), signingKeys: keys.map(openSigningKey) };
}

/** Tells one state of the secrets from another. */
export async function secretsState(): Promise<string> {
  const inOrder = { orderBy: { id: "asc" }, select: { id: true, version: true } } as const;
  return JSON.stringify([await database().credential.findMany(inOrder), await database().signingKey.findMany(inOrder)]);
}

/** Every worker, to be given the secrets. */
export async function secretTargets(): Promise<(ControlTarget & { name: string })[]> {
  const select = { id: true, name: true, controlUrl: true, controlTokenSealed: true } as const;
  return database().worker.findMany({ orderBy: { name: "asc" }, select });
}
