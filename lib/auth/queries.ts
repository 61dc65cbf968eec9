import type { Permission } from "#core/contract/permission.ts";
import { permissionsOf, type Role, readRole } from "#core/contract/role.ts";
import { type Actor, viaOf } from "#lib/actor.ts";
import { database } from "#lib/db.ts";
import { isRunning } from "./session-lifetime.ts";
import type { SessionToken } from "./token.ts";

/** Who is signed in. `id` is the session's own. */
export type SessionUser = {
  id: string;
  userId: string;
  name: string;
  email: string;
  role: Role;
  permissions: Permission[];
};

/**
 * The session of a token whose signature was checked, with what its user may now, or null when it has ended on the server. Rejects when the database
 * is away.
 */
export async function sessionOfToken({ sid, sub }: SessionToken, now: Date): Promise<SessionUser | null> {
  const row = await database().session.findUnique({ where: { id: sid }, include: { user: true } });
  if (row === null || row.userId !== sub || !isRunning(row, now)) return null;
  const { name, email, role } = row.user;
  return { id: sid, userId: sub, name, email, role: readRole(role), permissions: permissionsOf(row.user) };
}

/** As whom the audit log names who is signed in. */
export function actorOf({ id, name, role }: SessionUser, address: string | null): Actor {
  return { name, address, role, via: viaOf("session", id) };
}

/** Whether anybody has an account yet. */
export async function hasAnyUser(): Promise<boolean> {
  return (await database().user.findFirst({ select: { id: true } })) !== null;
}
