import { type Credential, credentialSchema } from "#core/contract/credential.ts";
import { type SigningKey, signingKeySchema } from "#core/contract/signing-key.ts";
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

/** The private key, sealed with the master key. */
export function sealPrivateKey(key: SigningKey): string {
  return seal(JSON.stringify(key), signingPurposeOf(key.name));
}

/** Throws when it was altered, is another row's, or the master key is another one. The row's state is the one that counts. */
export function openSigningKey({ name, sealed, state }: { name: string; sealed: string; state: string }): SigningKey {
  const key = signingKeySchema.parse(JSON.parse(unseal(sealed, signingPurposeOf(name))));
  return signingKeySchema.parse({ ...key, state });
}

function signingPurposeOf(name: string): string {
  return `signing-key:${name}`;
}
