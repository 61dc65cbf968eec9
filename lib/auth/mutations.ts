import { appendAudit } from "#lib/audit/mutations.ts";
import { type Transaction, transaction } from "#lib/db.ts";
import type { Credentials } from "./credentials.ts";
import { verifyPassword } from "./password.ts";
import { sessionAbsoluteMs } from "./session-lifetime.ts";
import { clearAttempts, countAttempt, sweepAttempts } from "./throttle.ts";

/** What a session is made from. */
export type SignedInUser = { id: string; name: string; email: string; sessionVersion: number };

/** refused: wrong password or no such account, which are not told apart. locked: too many failures, nothing was looked at. */
export type SignInResult =
  | { kind: "signed-in"; user: SignedInUser }
  | { kind: "refused" }
  | { kind: "locked"; until: Date };

/** Checks a password with constant work, counts failures, and writes success and failure into the audit log. */
export async function signIn(credentials: Credentials, address: string | null, now: Date): Promise<SignInResult> {
  const { email, password } = credentials;
  const until = await transaction((tx) => countAttempt(tx, email, address, now));
  if (until !== null) return { kind: "locked", until };
  const user = await transaction((tx) => tx.user.findUnique({ where: { email } }));
  if (!(await verifyPassword(password, user?.passwordHash ?? null)) || user === null) {
    await transaction((tx) => auditRefusal(tx, email, address));
    return { kind: "refused" };
  }
  await transaction(async (tx) => {
    await clearAttempts(tx, email, address);
    await sweepAttempts(tx, now);
    const summary = `${user.name} signed in.`;
    await appendAudit(tx, { name: user.name, address }, { action: "session.start", object: email, summary });
  });
  return { kind: "signed-in", user };
}

async function auditRefusal(tx: Transaction, email: string, address: string | null): Promise<void> {
  const summary = `A sign-in as ${email} was refused: wrong password or no such account.`;
  await appendAudit(tx, { name: "unknown", address }, { action: "session.refuse", object: email, summary });
}

/** Ends one session on the server, before its token runs out. May be called twice. */
export async function endSession(
  session: { id: string; userId: string },
  address: string | null,
  now: Date,
): Promise<void> {
  await transaction(async (tx) => {
    await tx.endedSession.deleteMany({ where: { expiresAt: { lt: now } } });
    const expiresAt = new Date(now.getTime() + sessionAbsoluteMs);
    const { count } = await tx.endedSession.createMany({ data: { id: session.id, expiresAt }, skipDuplicates: true });
    const user = await tx.user.findUnique({ where: { id: session.userId } });
    if (count === 0 || user === null) return;
    const summary = `${user.name} signed out.`;
    await appendAudit(tx, { name: user.name, address }, { action: "session.end", object: user.email, summary });
  });
}
