import { appendAudit } from "#lib/audit/mutations.ts";
import { hashPassword } from "#lib/auth/password.ts";
import { type Transaction, transaction } from "#lib/db.ts";
import type { ChosenPassword, FirstAdministrator } from "./first-administrator.ts";
import { newSetupToken, personLinkHours, setupLink, setupLinkMinutes, setupTokenHash, unusableLink } from "./link.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Makes the one-time link for the first administrator; an older one that was not used ends. Null when somebody has an account. */
export async function createSetupLink(tx: Transaction, baseUrl: string, now = new Date()): Promise<string | null> {
  if ((await tx.user.count()) > 0) return null;
  const token = newSetupToken();
  const expiresAt = new Date(now.getTime() + setupLinkMinutes * minuteMs);
  await tx.setupToken.deleteMany({ where: { usedAt: null } });
  await tx.setupToken.create({ data: { tokenHash: setupTokenHash(token), expiresAt } });
  return setupLink(baseUrl, token);
}

/** Makes the one-time link with which somebody chooses a password; an older one of theirs that was not used ends. */
export async function createPersonLink(
  tx: Transaction,
  { userId, baseUrl }: { userId: string; baseUrl: string },
  now: Date,
): Promise<string> {
  const token = newSetupToken();
  const expiresAt = new Date(now.getTime() + personLinkHours * hourMs);
  await tx.setupToken.deleteMany({ where: { userId, usedAt: null } });
  await tx.setupToken.create({ data: { tokenHash: setupTokenHash(token), userId, expiresAt } });
  return setupLink(baseUrl, token);
}

const restart = "Restart Postern to get a new one.";
const askForOne = "Ask an administrator for a new one.";

/** Uses the setup link up and makes the first administrator; refused when the link is not good or somebody has an account. */
export async function createFirstAdministrator(
  { token, name, email, password }: FirstAdministrator,
  address: string | null,
  now: Date,
): Promise<void> {
  const link = await openLink(token, now);
  if (link === null || link.userId !== null) throw unusableLink(restart);
  const passwordHash = await hashPassword(password);
  await transaction(async (tx) => {
    if (!(await useUp(tx, token, now)) || (await tx.user.count()) > 0) throw unusableLink(restart);
    const role = "administrator";
    await tx.user.create({ data: { name, email, passwordHash, role } });
    const draft = { action: "user.add", object: email, summary: `${name} became the first administrator.` };
    await appendAudit(tx, { name, address, role }, { ...draft, detail: { after: { name, email, role } } });
  });
}

/** Uses somebody's link up: the password is theirs from now on, and whatever session began with another one ends. */
export async function choosePassword(
  { token, password }: ChosenPassword,
  address: string | null,
  now: Date,
): Promise<{ email: string }> {
  const userId = (await openLink(token, now))?.userId ?? null;
  if (userId === null) throw unusableLink(askForOne);
  const passwordHash = await hashPassword(password);
  return transaction(async (tx) => {
    if (!(await useUp(tx, token, now))) throw unusableLink(askForOne);
    const { name, email, role } = await tx.user.update({ where: { id: userId }, data: { passwordHash } });
    const ended = await tx.session.deleteMany({ where: { userId } });
    await appendAudit(
      tx,
      { name, address, role },
      {
        action: "user.password",
        object: email,
        summary: `${name} chose a password.`,
        detail: { sessionsEnded: ended.count },
      },
    );
    return { email };
  });
}

/** Looked at before the costly hash, so that nobody without a link can make the console work; decided again when it is used up. */
async function openLink(token: string, now: Date): Promise<{ userId: string | null } | null> {
  const link = await transaction((tx) => tx.setupToken.findUnique({ where: { tokenHash: setupTokenHash(token) } }));
  return link === null || link.usedAt !== null || link.expiresAt <= now ? null : link;
}

/** The row lock makes two uses at the same time take turns; the second finds the link used. */
async function useUp(tx: Transaction, token: string, now: Date): Promise<boolean> {
  const { count } = await tx.setupToken.updateMany({
    where: { tokenHash: setupTokenHash(token), usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  return count > 0;
}
