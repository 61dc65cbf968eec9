import { hasAnyUser } from "#lib/auth/queries.ts";
import { database } from "#lib/db.ts";
import { setupTokenHash } from "./mutations.ts";

/** done: somebody has an account already. unknown: no such link, or a newer one took its place. */
export type SetupLinkState = "open" | "used" | "expired" | "unknown" | "done";

/** What a setup link is good for at `now`. */
export async function setupLinkState(token: string, now: Date): Promise<SetupLinkState> {
  const found = await database().setupToken.findUnique({ where: { tokenHash: setupTokenHash(token) } });
  if (found !== null && found.usedAt !== null) return "used";
  if (await hasAnyUser()) return "done";
  if (found === null) return "unknown";
  return found.expiresAt > now ? "open" : "expired";
}
