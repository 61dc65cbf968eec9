import { randomUUID } from "node:crypto";
import { encode } from "next-auth/jwt";
import type { Role } from "#core/contract/role.ts";
import { sessionCookie } from "#lib/auth/cookie.ts";
import { hashPassword } from "#lib/auth/password.ts";
import { sessionIdleMs } from "#lib/auth/session-lifetime.ts";
import { database } from "#lib/db.ts";
import { setting } from "#lib/env.ts";

export const testPassword = "correct horse battery";

/** Somebody with a password in the test's database. */
export async function makePerson(name: string, role: Role, permissions: readonly string[] = []) {
  const email = `${name.toLowerCase()}@example.org`;
  const passwordHash = await hashPassword(testPassword);
  return database().user.create({ data: { name, email, role, permissions: [...permissions], passwordHash } });
}

/** An administrator in the test's database. */
export function makeAdministrator(name = "Mara") {
  return makePerson(name, "administrator");
}

type Began = { sessionId?: string; startedAt?: Date; usedAt?: Date };

/** A Cookie header as a browser has it after the sign-in of this user. */
export async function sessionCookieOf({ id }: { id: string }, began: Began = {}): Promise<string> {
  const { sessionId = randomUUID(), startedAt = new Date(), usedAt = new Date() } = began;
  await database().session.create({ data: { id: sessionId, userId: id, startedAt, usedAt } });
  const token = { sub: id, sid: sessionId };
  const value = await encode({ token, secret: setting("NEXTAUTH_SECRET"), maxAge: sessionIdleMs / 1000 });
  return `${sessionCookie().name}=${value}`;
}
