import { randomUUID } from "node:crypto";
import { encode } from "next-auth/jwt";
import { sessionCookie } from "#lib/auth/cookie.ts";
import { hashPassword } from "#lib/auth/password.ts";
import { type Permission, permissionSchema } from "#lib/auth/permissions.ts";
import { sessionIdleMs } from "#lib/auth/session-lifetime.ts";
import { database } from "#lib/db.ts";
import { setting } from "#lib/env.ts";

export const testPassword = "correct horse battery";

/** An administrator in the test's database, who may everything unless it is said what. */
export async function makeAdministrator(
  name = "Mara",
  email = "mara@example.org",
  permissions: Permission[] = permissionSchema.options,
) {
  return database().user.create({ data: { name, email, permissions, passwordHash: await hashPassword(testPassword) } });
}

/** A Cookie header as a browser has it after the sign-in of this user. */
export async function sessionCookieOf(
  user: { id: string; sessionVersion: number },
  { sessionId = randomUUID() as string, signedInAt = Date.now() } = {},
): Promise<string> {
  const token = { sub: user.id, sid: sessionId, sessionVersion: user.sessionVersion, signedInAt };
  const value = await encode({ token, secret: setting("NEXTAUTH_SECRET"), maxAge: sessionIdleMs / 1000 });
  return `${sessionCookie().name}=${value}`;
}
