import { lackingWords, type Permission } from "#core/contract/permission.ts";
import { PublicError } from "#lib/errors.ts";

/** Who asks for something, and what they may. */
export type Asker = { userId: string; permissions: readonly Permission[] };

/** Fails with FORBIDDEN for who does not have the permission. */
export function demandPermission(permissions: readonly Permission[], permission: Permission): void {
  if (permissions.includes(permission)) return;
  throw new PublicError(
    "FORBIDDEN",
    `Nothing was done: ${lackingWords(permission, "this")} Ask an administrator who has it.`,
  );
}
