import type { NewToken } from "#core/contract/api-token.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Asker } from "#lib/auth/permissions.ts";
import { database, type Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { apiTokenHash, makeApiToken } from "./api-token.ts";
import { demandScope } from "./scope-permissions.ts";

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** Every request is compared with all of them. */
const tokensMax = 100;

/**
 * Makes a token for the API, which may no more than its maker. Fails with FORBIDDEN for a scope that they may not give. The value has it in clear:
 * nothing keeps it, so it can be shown this once.
 */
export async function makeToken(
  tx: Transaction,
  actor: Actor,
  { name, scopes, days }: NewToken,
  maker: Asker,
): Promise<{ token: string }> {
  for (const scope of scopes) demandScope(maker.permissions, scope);
  const now = new Date();
  // Two that count at the same time would each find room.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('postern.api-tokens'))`;
  const inUse = { revokedAt: null, expiresAt: { gt: now } };
  if ((await tx.apiToken.count({ where: inUse })) >= tokensMax)
    throw new PublicError(
      "LIMIT_REACHED",
      `Not made: there are ${tokensMax} tokens, which is the most. Revoke one first.`,
    );
  if ((await tx.apiToken.count({ where: { ...inUse, name } })) > 0) {
    const message =
      "Not made: a token of this name is in use, and the audit log tells tokens by their names. Choose another name.";
    throw new PublicError("NAME_TAKEN", message, { fields: { name: [message] } });
  }
  const token = makeApiToken();
  const expiresAt = new Date(now.getTime() + days * dayMs);
  const row = { name, tokenHash: apiTokenHash(token), scopes, createdBy: actor.name, makerId: maker.userId, expiresAt };
  const { id } = await tx.apiToken.create({ data: row });
  await appendAudit(tx, actor, {
    action: "api-token.make",
    object: `API token ${name}`,
    summary: `${actor.name} made a token that may ${scopes.join(", ")} until ${expiresAt.toISOString().slice(0, 10)}.`,
    detail: { id, name, scopes, expiresAt },
  });
  return { token };
}

/** Ends a token at once. Fails with NOT_FOUND when there is none, or it was revoked before. */
export async function revokeToken(tx: Transaction, actor: Actor, { tokenId }: { tokenId: string }): Promise<void> {
  const { count } = await tx.apiToken.updateMany({
    where: { id: tokenId, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  if (count === 0) throw new PublicError("NOT_FOUND", "Nothing was revoked: this token was revoked already.");
  const { name } = await tx.apiToken.findUniqueOrThrow({ where: { id: tokenId } });
  await appendAudit(tx, actor, {
    action: "api-token.revoke",
    object: `API token ${name}`,
    summary: `${actor.name} revoked it.`,
    detail: { id: tokenId, name },
  });
}

/** Notes that a token was used; not more often than the page can tell. */
export async function noteUse(tokenId: string, now: Date): Promise<void> {
  const before = new Date(now.getTime() - minuteMs);
  const stale = [{ lastUsedAt: null }, { lastUsedAt: { lt: before } }];
  await database().apiToken.updateMany({ where: { id: tokenId, OR: stale }, data: { lastUsedAt: now } });
}
