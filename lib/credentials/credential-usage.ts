import type { PolicyDocument } from "#core/contract/policy-document.ts";

/** A route that logs in with a credential. `published`: it does so in the live revision; otherwise only in the draft. */
export type CredentialUser = { route: string; published: boolean };

/** The routes that name each credential, of the draft and of the live revision. */
export function credentialUsers(draft: PolicyDocument, live: PolicyDocument | null): Map<string, CredentialUser[]> {
  const published = namedBy(live);
  const users = new Map<string, CredentialUser[]>();
  for (const [key, { credential, route }] of new Map([...published, ...namedBy(draft)])) {
    const user = { route, published: published.has(key) };
    users.set(credential, [...(users.get(credential) ?? []), user]);
  }
  return users;
}

function namedBy(document: PolicyDocument | null): Map<string, { credential: string; route: string }> {
  const named = new Map<string, { credential: string; route: string }>();
  for (const route of document?.routes ?? []) {
    if (route.protocol !== "smtp" || route.credential === undefined) continue;
    named.set(JSON.stringify([route.credential, route.name]), { credential: route.credential, route: route.name });
  }
  return named;
}
