import { z } from "zod";
import { PublicError } from "#lib/errors.ts";

/**
 * What not everyone who is signed in may do. release-malware: let out of quarantine what malware was found in. publish: decide what is live, by
 * publishing, keeping, widening, taking back or rolling back. publish-failing: publish though policy tests fail. make-tokens: make tokens for the
 * API. set-policy-source: say that the policy is kept in a repository, or here.
 */
export const permissionSchema = z.enum([
  "release-malware",
  "publish",
  "publish-failing",
  "make-tokens",
  "set-policy-source",
]);
export type Permission = z.infer<typeof permissionSchema>;

/** Who asks for something, and what they may. */
export type Asker = { userId: string; permissions: readonly Permission[] };

/** Those of a row that this version knows. */
export function readPermissions(stored: readonly string[]): Permission[] {
  return stored.flatMap((text) => permissionSchema.safeParse(text).data ?? []);
}

/** Fails with "forbidden" for who does not have the permission. */
export function demandPermission(permissions: readonly Permission[], permission: Permission): void {
  if (permissions.includes(permission)) return;
  throw new PublicError("forbidden", `This takes the permission ${permission}, which you do not have.`);
}
