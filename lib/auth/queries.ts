import { database } from "#lib/db.ts";
import { type Permission, readPermissions } from "./permissions.ts";
import { sessionAbsoluteMs } from "./session-lifetime.ts";
import type { SessionToken } from "./token.ts";

/** Who is signed in. `id` is the session's own. */
export type SessionUser = { id: string; userId: string; name: string; email: string; permissions: Permission[] };

/** The session of a token whose signature was checked, or null when it has ended on the server. Rejects when the database is away. */
export async function sessionOfToken(token: SessionToken, now: Date): Promise<SessionUser | null> {
  const age = now.getTime() - token.signedInAt;
  if (age >= sessionAbsoluteMs) return null;
  const [user, ended] = await Promise.all([
    database().user.findUnique({ where: { id: token.sub } }),
    database().endedSession.findUnique({ where: { id: token.sid } }),
  ]);
  if (user === null || ended !== null || user.sessionVersion !== token.sessionVersion) return null;
  const { name, email } = user;
  return { id: token.sid, userId: user.id, name, email, permissions: readPermissions(user.permissions) };
}

/** Whether anybody has an account yet. */
export async function hasAnyUser(): Promise<boolean> {
  return (await database().user.findFirst({ select: { id: true } })) !== null;
}
