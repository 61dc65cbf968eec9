import { hasAnyUser } from "#lib/auth/queries.ts";
import { database } from "#lib/db.ts";
import { setupTokenHash } from "./link.ts";

/** done: somebody has an account already. unknown: no such link, or a newer one took its place. */
export type SetupLinkState = "open" | "used" | "expired" | "unknown" | "done";

/** `person`: who chooses a password with the link; null: the first administrator, or nobody. */
export type SetupLinkView = { state: SetupLinkState; person: { name: string; email: string } | null };

/** What a setup link is good for at `now`. */
export async function readSetupLink(token: string, now: Date): Promise<SetupLinkView> {
  const found = await database().setupToken.findUnique({
    where: { tokenHash: setupTokenHash(token) },
    include: { user: { select: { name: true, email: true } } },
  });
  const person = found?.user ?? null;
  if (found !== null && found.usedAt !== null) return { state: "used", person };
  if (person === null && (await hasAnyUser())) return { state: "done", person };
  if (found === null) return { state: "unknown", person };
  return { state: found.expiresAt > now ? "open" : "expired", person };
}
