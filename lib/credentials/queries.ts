import type { Credential } from "#core/contract/credential.ts";
import { database, type Transaction } from "#lib/db.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { enforcedDocuments } from "#lib/revisions/enforced-documents.ts";
import { openCredential } from "#lib/vault/sealed.ts";
import { heldCredentials, listWorkers } from "#lib/workers/queries.ts";
import { type CredentialUser, credentialUsers } from "./credential-usage.ts";

/** A credential as a route's editor offers it. `user` and `hasClientPassword` are null where only workers know: it is from their own configuration. */
export type CredentialChoice = { name: string; user: string | null; hasClientPassword: boolean | null };

/** What a route can log in with, by name. One that cannot be opened now has no password for clients. */
export async function credentialChoices(tx: Transaction = database()): Promise<CredentialChoice[]> {
  const rows = await tx.credential.findMany({ select: { name: true, user: true, sealed: true } });
  const known = new Set(rows.map(({ name }) => name));
  const own = rows.map(({ name, user, sealed }) => {
    const hasClientPassword = detailsOf({ name, sealed })?.hasClientPassword ?? false;
    return { name, user, hasClientPassword };
  });
  const others = (await heldCredentials(tx)).filter((name) => !known.has(name));
  const unknown = [...new Set(others)].map((name) => ({ name, user: null, hasClientPassword: null }));
  return [...own, ...unknown].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What an editor may know of a credential: everything but its secrets. */
export type CredentialDetails =
  | { kind: "password"; name: string; user: string; hasClientPassword: boolean }
  | {
      kind: "oauth2";
      name: string;
      user: string;
      tokenUrl: string;
      clientId: string;
      scope: string;
      hasClientSecret: boolean;
      hasClientPassword: boolean;
    };
export type CredentialView = {
  id: string;
  version: number;
  /** Null: it cannot be opened with this master key, so it must be entered again. */
  details: CredentialDetails | null;
  name: string;
  kind: Credential["kind"];
  user: string;
  changedAt: string;
  users: CredentialUser[];
  /** Which workers that are heard have one of this name. */
  workers: { worker: string; heard: boolean; has: boolean }[];
};
export type Credentials = {
  credentials: CredentialView[];
  /** Those that workers have from their own configuration alone. */
  others: { name: string; workers: string[] }[];
};

/** The credentials of the console, without their secrets, with who uses and who has them at `now`. */
export async function readCredentials(now: Date): Promise<Credentials> {
  const rows = await database().credential.findMany({ orderBy: { name: "asc" } });
  const draft = await readDraft(database());
  const users = credentialUsers(draft, await enforcedDocuments(database()));
  const workers = (await listWorkers(now)).map(({ name, state, status }) => ({
    worker: name,
    heard: state !== "down" && status !== null,
    held: new Set(status?.credentials ?? []),
  }));
  const credentials = rows.map((row) => ({
    id: row.id,
    version: row.version,
    details: detailsOf(row),
    name: row.name,
    kind: row.kind === "oauth2" ? ("oauth2" as const) : ("password" as const),
    user: row.user,
    changedAt: row.updatedAt.toISOString(),
    users: users.get(row.name) ?? [],
    workers: workers.map(({ worker, heard, held }) => ({ worker, heard, has: held.has(row.name) })),
  }));
  const known = new Set(rows.map(({ name }) => name));
  const others = [...new Set(workers.flatMap(({ held }) => [...held]))].filter((name) => !known.has(name)).sort();
  return {
    credentials,
    others: others.map((name) => ({
      name,
      workers: workers.filter(({ held }) => held.has(name)).map(({ worker }) => worker),
    })),
  };
}

function detailsOf(row: { name: string; sealed: string }): CredentialDetails | null {
  try {
    return withoutSecrets(openCredential(row));
  } catch {
    return null;
  }
}

/** What may be shown and written into the audit log. */
export function withoutSecrets(credential: Credential): CredentialDetails {
  const { name, user } = credential;
  const hasClientPassword = credential.clientPassword !== undefined;
  if (credential.kind === "password") return { kind: credential.kind, name, user, hasClientPassword };
  const { kind, tokenUrl, clientId, scope, clientSecret } = credential;
  return { kind, name, user, tokenUrl, clientId, scope, hasClientSecret: clientSecret !== "", hasClientPassword };
}
