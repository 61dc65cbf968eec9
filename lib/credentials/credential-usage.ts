import type { PolicyDocument, Route } from "#core/contract/policy-document.ts";

/**
 * A route that logs in with a credential. `bridges`: clients do so too, with its password for mail programs. `published`: it is so in a
 * policy that workers enforce; otherwise only in the draft.
 */
export type CredentialUser = { route: string; bridges: boolean; published: boolean };

/** The routes that name each credential, of the draft and of the policies that workers enforce. */
export function credentialUsers(
  draft: PolicyDocument,
  enforced: readonly PolicyDocument[],
): Map<string, CredentialUser[]> {
  const published = new Map(enforced.flatMap((document) => [...namedBy(document)]));
  const users = new Map<string, CredentialUser[]>();
  for (const [key, { credential, ...route }] of new Map([...published, ...namedBy(draft)])) {
    const user = { ...route, published: published.has(key) };
    users.set(credential, [...(users.get(credential) ?? []), user]);
  }
  return users;
}

/** `route "provider" (published)`. */
export function credentialUserWords({ route, published }: CredentialUser): string {
  return `route "${route}"${published ? " (published)" : ""}`;
}

/** The credentials that a route names. */
export function credentialsOf(route: Route): string[] {
  if (route.protocol === "pop3") return route.bridge?.credentials ?? [];
  return route.credential === undefined ? [] : [route.credential];
}

type Named = { credential: string; route: string; bridges: boolean };

function namedBy(document: PolicyDocument): Map<string, Named> {
  const named = document.routes.flatMap((route) =>
    credentialsOf(route).map((credential) => ({ credential, route: route.name, bridges: route.protocol === "pop3" })),
  );
  return new Map(named.map((one) => [JSON.stringify([one.credential, one.route, one.bridges]), one]));
}
