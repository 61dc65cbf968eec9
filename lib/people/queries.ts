import { type Grantable, type Role, readGranted, readRole } from "#core/contract/role.ts";
import { viaOf } from "#lib/actor.ts";
import { runningSince } from "#lib/auth/session-lifetime.ts";
import { database } from "#lib/db.ts";

/** `id` as the audit log names it. */
export type SessionView = { id: string; address: string | null; startedAt: string; usedAt: string };

export type PersonView = {
  id: string;
  name: string;
  email: string;
  role: Role;
  /** Besides those of the role. */
  permissions: Grantable[];
  lastSignInAt: string | null;
  /** They chose a password, so that they can sign in. */
  canSignIn: boolean;
  /** Until when a link of theirs is good that they have not used; null: there is none. */
  linkUntil: string | null;
  /** That go on, newest first. */
  sessions: SessionView[];
  /** Names of the API tokens in use that they made. */
  tokens: string[];
};

/** Everybody with an account, by name. */
export async function listPeople(now: Date): Promise<PersonView[]> {
  const { startedAt, usedAt } = runningSince(now);
  const people = await database().user.findMany({
    orderBy: [{ name: "asc" }, { email: "asc" }],
    include: {
      sessions: { where: { startedAt: { gt: startedAt }, usedAt: { gt: usedAt } }, orderBy: { startedAt: "desc" } },
      links: { where: { usedAt: null, expiresAt: { gt: now } } },
      tokens: { where: { revokedAt: null, expiresAt: { gt: now } }, orderBy: { name: "asc" } },
    },
  });
  return people.map(({ id, name, email, role, permissions, lastSignInAt, passwordHash, sessions, links, tokens }) => ({
    id,
    name,
    email,
    role: readRole(role),
    permissions: readGranted(permissions),
    lastSignInAt: lastSignInAt?.toISOString() ?? null,
    canSignIn: passwordHash !== null,
    linkUntil: links[0]?.expiresAt.toISOString() ?? null,
    sessions: sessions.map((session) => ({
      id: viaOf("session", session.id),
      address: session.address,
      startedAt: session.startedAt.toISOString(),
      usedAt: session.usedAt.toISOString(),
    })),
    tokens: tokens.map((token) => token.name),
  }));
}
