import type { TokenScope } from "#core/contract/api-token.ts";
import type { Permission } from "#core/contract/permission.ts";
import { demandPermission } from "#lib/auth/permissions.ts";

/** What a person needs for what a scope allows a program; null: nothing but an account. */
const needed: Readonly<Record<TokenScope, Permission | null>> = {
  "policy:read": null,
  "policy:apply": "edit",
  "policy:publish": "publish",
};

/** Fails with FORBIDDEN for who may not do it themselves. */
export function demandScope(permissions: readonly Permission[], scope: TokenScope): void {
  const permission = needed[scope];
  if (permission !== null) demandPermission(permissions, permission);
}

/** Those of the scopes that somebody with these permissions has themselves. */
export function scopesWithin(permissions: readonly Permission[], scopes: readonly TokenScope[]): TokenScope[] {
  return scopes.filter((scope) => {
    const permission = needed[scope];
    return permission === null || permissions.includes(permission);
  });
}
