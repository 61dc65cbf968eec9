import { randomUUID } from "node:crypto";
import { viaOf } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import { database, type Transaction, transaction } from "#lib/db.ts";
import type { Credentials } from "./credentials.ts";
import { verifyPassword } from "./password.ts";
import { actorOf, type SessionUser, sessionOfToken } from "./queries.ts";
import { runningSince } from "./session-lifetime.ts";
import { clearAttempts, countAttempt, sweepAttempts } from "./throttle.ts";
import type { SessionToken } from "./token.ts";

/** Whose session it is that began. */
export type SignedInUser = { id: string; name: string; email: string; sessionId: string };

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
  const isRight = await verifyPassword(password, user?.passwordHash ?? null);
  const started = isRight && user !== null ? await transaction((tx) => startSession(tx, user, address, now)) : null;
  if (started !== null) return { kind: "signed-in", user: started };
  await transaction((tx) => auditRefusal(tx, email, address));
  return { kind: "refused" };
}

type Checked = { id: string; passwordHash: string | null };

/** Null: the account was removed, or got another password, while this one was checked. */
async function startSession(
  tx: Transaction,
  { id, passwordHash }: Checked,
  address: string | null,
  now: Date,
): Promise<SignedInUser | null> {
  const where = { id, passwordHash };
  const { count } = await tx.user.updateMany({ where, data: { lastSignInAt: now } });
  if (count === 0) return null;
  const { name, email, role } = await tx.user.findUniqueOrThrow({ where: { id } });
  await clearAttempts(tx, email, address);
  await sweepAttempts(tx, now);
  await sweepSessions(tx, now);
  const sessionId = randomUUID();
  await tx.session.create({ data: { id: sessionId, userId: id, address, startedAt: now, usedAt: now } });
  const actor = { name, address, role, via: viaOf("session", sessionId) };
  await appendAudit(tx, actor, { action: "session.start", object: email, summary: `${name} signed in.` });
  return { id, name, email, sessionId };
}

async function sweepSessions(tx: Transaction, now: Date): Promise<void> {
  const { startedAt, usedAt } = runningSince(now);
  await tx.session.deleteMany({ where: { OR: [{ startedAt: { lte: startedAt } }, { usedAt: { lte: usedAt } }] } });
}

async function auditRefusal(tx: Transaction, email: string, address: string | null): Promise<void> {
  const summary = `A sign-in as ${email} was refused: wrong password or no such account.`;
  await appendAudit(tx, { name: "unknown", address }, { action: "session.refuse", object: email, summary });
}

/** The session of a token, as sessionOfToken; a person used it just now, so that it does not idle. */
export async function renewSession(token: SessionToken, now: Date): Promise<SessionUser | null> {
  const session = await sessionOfToken(token, now);
  if (session !== null) await database().session.updateMany({ where: { id: session.id }, data: { usedAt: now } });
  return session;
}

/** Ends one session on the server, before its time. May be called twice. */
export async function endSession(session: SessionUser, address: string | null): Promise<void> {
  await transaction(async (tx) => {
    const { count } = await tx.session.deleteMany({ where: { id: session.id } });
    if (count === 0) return;
    const summary = `${session.name} signed out.`;
    const draft = { action: "session.end", object: session.email, summary };
    await appendAudit(tx, actorOf(session, address), draft);
  });
}
