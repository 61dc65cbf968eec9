import { type Credential, credentialSchema } from "#core/contract/credential.ts";
import { seal, unseal } from "#lib/secrets.ts";

/** A credential as the database keeps it. */
export type SealedCredential = { name: string; kind: Credential["kind"]; user: string; sealed: string };

/** Sealed with the master key; what is shown in lists stays readable. */
export function sealCredential(credential: Credential): SealedCredential {
  const { name, kind, user } = credential;
  return { name, kind, user, sealed: seal(JSON.stringify(credential), purposeOf(name)) };
}

/** Throws when it was altered, is another row's, or the master key is another one. A row that was renamed must be sealed anew. */
export function openCredential({ name, sealed }: Pick<SealedCredential, "name" | "sealed">): Credential {
  return credentialSchema.parse(JSON.parse(unseal(sealed, purposeOf(name))));
}

/** What binds it to its row: moved to another one, it cannot be opened. */
function purposeOf(name: string): string {
  return `credential:${name}`;
}
