import { timingSafeEqual } from "node:crypto";
import { type TokenScope, tokenScopeSchema } from "#core/contract/api-token.ts";
import { permissionsOf } from "#core/contract/role.ts";
import { database } from "#lib/db.ts";
import { apiTokenHash } from "./api-token.ts";
import { scopesWithin } from "./scope-permissions.ts";

const endedShownMax = 20;

export type ApiTokenView = {
  id: string;
  name: string;
  scopes: TokenScope[];
  createdBy: string;
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
  state: "in use" | "expired" | "revoked";
};

/** Those in use, then the last ones that are not any more; each newest first. */
export async function listTokens(now: Date): Promise<ApiTokenView[]> {
  const newest = { orderBy: { createdAt: "desc" } } as const;
  const inUse = { revokedAt: null, expiresAt: { gt: now } };
  const [used, ended] = await Promise.all([
    database().apiToken.findMany({ ...newest, where: inUse }),
    database().apiToken.findMany({ ...newest, where: { NOT: inUse }, take: endedShownMax }),
  ]);
  return [...used, ...ended].map(({ id, name, scopes, createdBy, createdAt, expiresAt, lastUsedAt, revokedAt }) => ({
    id,
    name,
    scopes: readScopes(scopes),
    createdBy,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    state: revokedAt !== null ? "revoked" : expiresAt > now ? "in use" : "expired",
  }));
}

export type TokenHolder = { id: string; name: string; makerRole: string; scopes: TokenScope[] };

/**
 * Whose token it is, or null for one that is not known, has expired or was revoked, or whose maker is not there any more. It may what its maker may
 * now, at most.
 */
export async function holderOfToken(token: string, now: Date): Promise<TokenHolder | null> {
  const hash = Buffer.from(apiTokenHash(token));
  const rows = await database().apiToken.findMany({
    where: { revokedAt: null, expiresAt: { gt: now } },
    include: { maker: { select: { role: true, permissions: true } } },
  });
  // Every row is compared, so that the time taken says nothing about which one it is.
  const matches = rows.filter(({ tokenHash }) => {
    const stored = Buffer.from(tokenHash);
    return stored.length === hash.length && timingSafeEqual(stored, hash);
  });
  const [row] = matches;
  if (row === undefined || row.maker === null) return null;
  const scopes = scopesWithin(permissionsOf(row.maker), readScopes(row.scopes));
  return { id: row.id, name: row.name, makerRole: row.maker.role, scopes };
}

/** Those of a row that this version knows. */
function readScopes(stored: readonly string[]): TokenScope[] {
  return stored.flatMap((text) => tokenScopeSchema.safeParse(text).data ?? []);
}
